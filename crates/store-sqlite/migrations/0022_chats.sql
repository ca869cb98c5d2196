-- Chats: requests of conversations for agents (spec 05). The body is the chat as the service knows it; the columns are what
-- lists and the clock ask for. Whose chat it is follows the conversation.
CREATE TABLE chats (
  id BLOB NOT NULL PRIMARY KEY, -- plain
  conversation_id BLOB NOT NULL REFERENCES conversations (id) ON DELETE CASCADE, -- plain
  state TEXT NOT NULL, -- plain
  outcome TEXT, -- plain
  owner_id BLOB, -- plain
  requested_at INTEGER NOT NULL, -- plain
  accepted_at INTEGER, -- plain
  ended_at INTEGER, -- plain
  due_at INTEGER, -- plain
  rating INTEGER, -- plain
  visitor_read INTEGER NOT NULL DEFAULT 0, -- plain
  agent_read INTEGER NOT NULL DEFAULT 0, -- plain
  revision INTEGER NOT NULL, -- plain
  body TEXT NOT NULL -- personal
);
CREATE INDEX chats_by_conversation ON chats (conversation_id, requested_at, id);
CREATE INDEX chats_by_time ON chats (requested_at, id);
CREATE INDEX chats_due ON chats (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX chats_open ON chats (state, requested_at) WHERE state <> 'ended';

-- Who is or was in a chat, or is asked for it: `offered`, `joined`, `left`.
CREATE TABLE chat_agents (
  chat_id BLOB NOT NULL REFERENCES chats (id) ON DELETE CASCADE, -- plain
  user_id BLOB NOT NULL, -- plain
  standing TEXT NOT NULL, -- plain
  PRIMARY KEY (chat_id, user_id)
) WITHOUT ROWID;
CREATE INDEX chat_agents_by_user ON chat_agents (user_id, chat_id);
CREATE INDEX chat_agents_busy ON chat_agents (user_id, chat_id) WHERE standing <> 'left';

-- When a node last saw an agent connected.
CREATE TABLE agent_connections (
  user_id BLOB NOT NULL, -- plain
  node TEXT NOT NULL, -- plain
  seen_at INTEGER NOT NULL, -- plain
  PRIMARY KEY (user_id, node)
) WITHOUT ROWID;

ALTER TABLE messages ADD COLUMN author_id BLOB; -- plain

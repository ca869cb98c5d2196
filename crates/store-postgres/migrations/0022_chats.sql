-- Chats: requests of conversations for agents (spec 05). The body is the chat as the service knows it; the columns are what
-- lists and the clock ask for. Whose chat it is follows the conversation.
CREATE TABLE chats (
  id uuid NOT NULL PRIMARY KEY, -- plain
  conversation_id uuid NOT NULL REFERENCES conversations (id) ON DELETE CASCADE, -- plain
  state text NOT NULL, -- plain
  outcome text, -- plain
  owner_id uuid, -- plain
  requested_at timestamptz NOT NULL, -- plain
  accepted_at timestamptz, -- plain
  ended_at timestamptz, -- plain
  due_at timestamptz, -- plain
  rating integer, -- plain
  visitor_read bigint NOT NULL DEFAULT 0, -- plain
  agent_read bigint NOT NULL DEFAULT 0, -- plain
  revision bigint NOT NULL, -- plain
  body jsonb NOT NULL -- personal
);
CREATE INDEX chats_by_conversation ON chats (conversation_id, requested_at, id);
CREATE INDEX chats_by_time ON chats (requested_at, id);
CREATE INDEX chats_due ON chats (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX chats_open ON chats (state, requested_at) WHERE state <> 'ended';

-- Who is or was in a chat, or is asked for it: `offered`, `joined`, `left`.
CREATE TABLE chat_agents (
  chat_id uuid NOT NULL REFERENCES chats (id) ON DELETE CASCADE, -- plain
  user_id uuid NOT NULL, -- plain
  standing text NOT NULL, -- plain
  PRIMARY KEY (chat_id, user_id)
);
CREATE INDEX chat_agents_by_user ON chat_agents (user_id, chat_id);
CREATE INDEX chat_agents_busy ON chat_agents (user_id, chat_id) WHERE standing <> 'left';

-- When a node last saw an agent connected.
CREATE TABLE agent_connections (
  user_id uuid NOT NULL, -- plain
  node text NOT NULL, -- plain
  seen_at timestamptz NOT NULL, -- plain
  PRIMARY KEY (user_id, node)
);

ALTER TABLE messages ADD COLUMN author_id uuid; -- plain

-- Files sent in chats (spec 05). The content lies outside the database, under the id. A row without a conversation is a file
-- that is not needed any more; the row goes once the file is gone.
CREATE TABLE attachments (
  id BLOB NOT NULL PRIMARY KEY, -- plain
  conversation_id BLOB REFERENCES conversations (id) ON DELETE SET NULL, -- plain
  name TEXT NOT NULL, -- personal
  media_type TEXT NOT NULL, -- plain
  size INTEGER NOT NULL, -- plain
  created_at INTEGER NOT NULL, -- plain
  sent INTEGER NOT NULL -- plain
);
CREATE INDEX attachments_by_conversation ON attachments (conversation_id);
CREATE INDEX attachments_unneeded ON attachments (created_at) WHERE conversation_id IS NULL OR sent = 0;

-- Files sent in chats (spec 05). The content lies outside the database, under the id. A row without a conversation is a file
-- that is not needed any more; the row goes once the file is gone.
CREATE TABLE attachments (
  id uuid NOT NULL PRIMARY KEY, -- plain
  conversation_id uuid REFERENCES conversations (id) ON DELETE SET NULL, -- plain
  name text NOT NULL, -- personal
  media_type text NOT NULL, -- plain
  size bigint NOT NULL, -- plain
  created_at timestamptz NOT NULL, -- plain
  sent boolean NOT NULL -- plain
);
CREATE INDEX attachments_by_conversation ON attachments (conversation_id);
CREATE INDEX attachments_unneeded ON attachments (created_at) WHERE conversation_id IS NULL OR NOT sent;

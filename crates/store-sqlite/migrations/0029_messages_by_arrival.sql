-- Messages lie in order of arrival, so that those written together share a page; one index finds them by conversation, and
-- serves the client ids as well. The guard on client ids asks that index: an index of its own would cost a page a message.
-- The conversation is looked at when everything is committed, which spares a journal of every page that is changed before.
CREATE TABLE messages_by_arrival (
  pk INTEGER PRIMARY KEY, -- plain
  conversation_id BLOB NOT NULL REFERENCES conversations (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED, -- plain
  seq INTEGER NOT NULL, -- plain
  id BLOB NOT NULL, -- plain
  sender TEXT NOT NULL, -- plain
  kind TEXT NOT NULL, -- plain
  card_id TEXT, -- plain
  body TEXT NOT NULL, -- personal
  superseded INTEGER NOT NULL, -- plain
  client_id TEXT, -- plain
  at INTEGER NOT NULL, -- plain
  author_id BLOB -- plain
);
INSERT INTO messages_by_arrival
  (conversation_id, seq, id, sender, kind, card_id, body, superseded, client_id, at, author_id)
  SELECT conversation_id, seq, id, sender, kind, card_id, body, superseded, client_id, at, author_id
  FROM messages ORDER BY at, conversation_id, seq;
DROP TABLE messages;
ALTER TABLE messages_by_arrival RENAME TO messages;
CREATE UNIQUE INDEX messages_by_conversation ON messages (conversation_id, seq, client_id);
CREATE TRIGGER messages_once BEFORE INSERT ON messages
BEGIN
  SELECT RAISE(FAIL, 'UNIQUE constraint failed: messages.conversation_id, messages.seq')
  WHERE EXISTS (SELECT 1 FROM messages WHERE conversation_id = NEW.conversation_id AND seq = NEW.seq);
  SELECT RAISE(FAIL, 'UNIQUE constraint failed: messages.conversation_id, messages.client_id')
  WHERE NEW.client_id IS NOT NULL AND EXISTS (
    SELECT 1 FROM messages WHERE conversation_id = NEW.conversation_id AND client_id = NEW.client_id);
END;

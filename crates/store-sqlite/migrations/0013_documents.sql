CREATE TABLE documents (
  id BLOB NOT NULL PRIMARY KEY, -- plain
  name TEXT NOT NULL, -- plain
  name_folded TEXT NOT NULL, -- plain
  file_id BLOB NOT NULL, -- plain
  size INTEGER NOT NULL, -- plain
  pages INTEGER NOT NULL, -- plain
  source_url TEXT, -- plain
  content_version INTEGER NOT NULL, -- plain
  created_at INTEGER NOT NULL, -- plain
  created_by BLOB, -- plain
  updated_at INTEGER NOT NULL, -- plain
  version INTEGER NOT NULL -- plain
);
CREATE INDEX documents_by_name ON documents (name_folded, id);

-- One row for each activity of the kind document; it goes on while the visitor reads. Once the person is erased,
-- conversation_id is null and no search is left.
CREATE TABLE document_views (
  activity_id BLOB NOT NULL PRIMARY KEY, -- plain
  document_id BLOB NOT NULL, -- plain
  dialogue_id BLOB NOT NULL, -- plain
  conversation_id BLOB, -- personal
  card_id TEXT NOT NULL, -- plain
  opened_at INTEGER NOT NULL, -- plain
  pages INTEGER NOT NULL, -- plain
  reading TEXT NOT NULL, -- personal
  -- Out of reading, for figures.
  pages_seen INTEGER NOT NULL, -- plain
  read_ms INTEGER NOT NULL, -- plain
  searches INTEGER NOT NULL, -- plain
  downloads INTEGER NOT NULL, -- plain
  prints INTEGER NOT NULL, -- plain
  updated_at INTEGER NOT NULL -- plain
) WITHOUT ROWID;
CREATE INDEX document_views_by_document ON document_views (document_id, opened_at);
CREATE INDEX document_views_by_dialogue ON document_views (dialogue_id, opened_at);
CREATE INDEX document_views_by_conversation ON document_views (conversation_id, card_id, opened_at)
  WHERE conversation_id IS NOT NULL;

-- The client's ids of events, so that an event sent again counts once.
CREATE TABLE document_events (
  activity_id BLOB NOT NULL, -- plain
  client_id TEXT NOT NULL, -- plain
  digest TEXT NOT NULL, -- personal
  at INTEGER NOT NULL, -- plain
  PRIMARY KEY (activity_id, client_id)
) WITHOUT ROWID;
CREATE INDEX document_events_by_time ON document_events (at);

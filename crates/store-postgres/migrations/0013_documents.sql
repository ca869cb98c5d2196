CREATE TABLE documents (
  id uuid NOT NULL PRIMARY KEY, -- plain
  name text NOT NULL, -- plain
  name_folded text COLLATE "C" NOT NULL, -- plain
  file_id uuid NOT NULL, -- plain
  size bigint NOT NULL, -- plain
  pages integer NOT NULL, -- plain
  source_url text, -- plain
  content_version integer NOT NULL, -- plain
  created_at timestamptz NOT NULL, -- plain
  created_by uuid, -- plain
  updated_at timestamptz NOT NULL, -- plain
  version bigint NOT NULL -- plain
);
CREATE INDEX documents_by_name ON documents (name_folded, id);

-- One row for each activity of the kind document; it goes on while the visitor reads. Once the person is erased,
-- conversation_id is null and no search is left.
CREATE TABLE document_views (
  activity_id uuid NOT NULL PRIMARY KEY, -- plain
  document_id uuid NOT NULL, -- plain
  dialogue_id uuid NOT NULL, -- plain
  conversation_id uuid, -- personal
  card_id text NOT NULL, -- plain
  opened_at timestamptz NOT NULL, -- plain
  pages integer NOT NULL, -- plain
  reading jsonb NOT NULL, -- personal
  -- Out of reading, for figures.
  pages_seen integer NOT NULL, -- plain
  read_ms bigint NOT NULL, -- plain
  searches integer NOT NULL, -- plain
  downloads integer NOT NULL, -- plain
  prints integer NOT NULL, -- plain
  updated_at timestamptz NOT NULL -- plain
);
CREATE INDEX document_views_by_document ON document_views (document_id, opened_at);
CREATE INDEX document_views_by_dialogue ON document_views (dialogue_id, opened_at);
CREATE INDEX document_views_by_conversation ON document_views (conversation_id, card_id, opened_at)
  WHERE conversation_id IS NOT NULL;

-- The client's ids of events, so that an event sent again counts once.
CREATE TABLE document_events (
  activity_id uuid NOT NULL, -- plain
  client_id text NOT NULL, -- plain
  digest text NOT NULL, -- personal
  at timestamptz NOT NULL, -- plain
  PRIMARY KEY (activity_id, client_id)
);
CREATE INDEX document_events_by_time ON document_events (at);

-- Once the person is erased, person_id and visitor_id are null and nothing but the times is left, for the counts.
CREATE TABLE conversations (
  id BLOB NOT NULL PRIMARY KEY, -- plain
  site_id BLOB NOT NULL REFERENCES sites (id) ON DELETE CASCADE, -- plain
  visitor_id BLOB, -- personal
  person_id BLOB, -- personal
  dialogue_id BLOB NOT NULL REFERENCES dialogues (id) ON DELETE CASCADE, -- plain
  version_id BLOB NOT NULL, -- plain
  stage TEXT NOT NULL, -- plain
  state TEXT NOT NULL, -- personal
  last_seq INTEGER NOT NULL, -- plain
  epoch INTEGER NOT NULL, -- plain
  page_url TEXT NOT NULL, -- personal
  triggered_at INTEGER NOT NULL, -- plain
  engaged_at INTEGER, -- plain
  completed_at INTEGER, -- plain
  dropped_at INTEGER, -- plain
  acquired_at INTEGER, -- plain
  dismissed_at INTEGER, -- plain
  last_visitor_at INTEGER NOT NULL, -- plain
  shown_at TEXT NOT NULL, -- plain
  goals TEXT NOT NULL -- plain
);
CREATE INDEX conversations_by_visitor ON conversations (visitor_id, triggered_at, id);
CREATE INDEX conversations_by_person ON conversations (person_id, triggered_at, id);
CREATE INDEX conversations_by_time ON conversations (triggered_at, id);
CREATE INDEX conversations_by_site ON conversations (site_id);
CREATE INDEX conversations_by_dialogue ON conversations (dialogue_id, triggered_at, engaged_at, completed_at, acquired_at);
CREATE INDEX conversations_engaged ON conversations (last_visitor_at) WHERE stage = 'engaged';

CREATE TABLE messages (
  conversation_id BLOB NOT NULL REFERENCES conversations (id) ON DELETE CASCADE, -- plain
  seq INTEGER NOT NULL, -- plain
  id BLOB NOT NULL, -- plain
  sender TEXT NOT NULL, -- plain
  kind TEXT NOT NULL, -- plain
  card_id TEXT, -- plain
  body TEXT NOT NULL, -- personal
  superseded INTEGER NOT NULL, -- plain
  client_id TEXT, -- plain
  at INTEGER NOT NULL, -- plain
  PRIMARY KEY (conversation_id, seq)
) WITHOUT ROWID;
CREATE UNIQUE INDEX messages_client_id ON messages (conversation_id, client_id) WHERE client_id IS NOT NULL;

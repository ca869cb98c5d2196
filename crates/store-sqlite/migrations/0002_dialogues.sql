CREATE TABLE dialogues (
  id BLOB NOT NULL PRIMARY KEY, -- plain
  site_id BLOB NOT NULL REFERENCES sites (id) ON DELETE CASCADE, -- plain
  kind TEXT NOT NULL, -- plain
  name TEXT NOT NULL, -- plain
  name_folded TEXT NOT NULL, -- plain
  description TEXT NOT NULL, -- plain
  priority INTEGER NOT NULL, -- plain
  enabled INTEGER NOT NULL, -- plain
  state TEXT NOT NULL, -- plain
  draft TEXT NOT NULL, -- plain
  draft_version INTEGER NOT NULL, -- plain
  published_version_id BLOB, -- plain
  created_at INTEGER NOT NULL, -- plain
  updated_at INTEGER NOT NULL, -- plain
  updated_by BLOB -- plain
);
CREATE INDEX dialogues_by_site ON dialogues (site_id, state);
CREATE INDEX dialogues_by_priority ON dialogues (priority, created_at, id);

CREATE TABLE dialogue_versions (
  id BLOB NOT NULL PRIMARY KEY, -- plain
  dialogue_id BLOB NOT NULL REFERENCES dialogues (id) ON DELETE CASCADE, -- plain
  number INTEGER NOT NULL, -- plain
  name TEXT NOT NULL, -- plain
  content TEXT NOT NULL, -- plain
  draft_version INTEGER NOT NULL, -- plain
  created_at INTEGER NOT NULL, -- plain
  created_by BLOB, -- plain
  UNIQUE (dialogue_id, number)
);

-- Triggers shown to guests without stored identity, after their marks were folded; a bucket is a quarter of an hour,
-- so that days of every time zone can be cut from it.
CREATE TABLE dialogue_guest_triggers (
  dialogue_id BLOB NOT NULL REFERENCES dialogues (id) ON DELETE CASCADE, -- plain
  bucket INTEGER NOT NULL, -- plain
  triggered INTEGER NOT NULL, -- plain
  PRIMARY KEY (dialogue_id, bucket)
) WITHOUT ROWID;

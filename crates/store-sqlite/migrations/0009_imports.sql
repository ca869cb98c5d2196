CREATE TABLE imports (
  id BLOB NOT NULL PRIMARY KEY, -- plain
  name TEXT NOT NULL, -- plain
  state TEXT NOT NULL, -- plain
  mode TEXT, -- plain
  plan TEXT NOT NULL, -- personal
  size_bytes INTEGER NOT NULL, -- plain
  file TEXT NOT NULL, -- plain
  list_id BLOB, -- plain
  progress TEXT NOT NULL, -- plain
  error TEXT, -- plain
  created_by BLOB, -- plain
  created_at INTEGER NOT NULL, -- plain
  started_at INTEGER, -- plain
  finished_at INTEGER, -- plain
  lease_holder TEXT, -- plain
  lease_until INTEGER -- plain
);
CREATE INDEX imports_by_time ON imports (created_at, id);

CREATE TABLE import_rejects (
  import_id BLOB NOT NULL REFERENCES imports (id) ON DELETE CASCADE, -- plain
  line INTEGER NOT NULL, -- plain
  field TEXT NOT NULL, -- plain
  reason TEXT NOT NULL, -- plain
  cells TEXT NOT NULL -- personal
);
CREATE INDEX import_rejects_by_line ON import_rejects (import_id, line);

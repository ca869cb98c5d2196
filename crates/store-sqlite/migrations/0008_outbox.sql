CREATE TABLE jobs (
  id BLOB NOT NULL PRIMARY KEY, -- plain
  kind TEXT NOT NULL, -- plain
  payload TEXT NOT NULL, -- personal
  title TEXT NOT NULL, -- personal
  status TEXT NOT NULL, -- plain
  attempts INTEGER NOT NULL, -- plain
  next_attempt_at INTEGER NOT NULL, -- plain
  last_error TEXT, -- personal
  created_at INTEGER NOT NULL, -- plain
  finished_at INTEGER, -- plain
  leased_until INTEGER -- plain
);
CREATE INDEX jobs_due ON jobs (next_attempt_at) WHERE status = 'waiting';
CREATE INDEX jobs_by_time ON jobs (created_at, id);
CREATE INDEX jobs_by_title ON jobs (title);

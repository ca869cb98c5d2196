CREATE TABLE jobs (
  id uuid NOT NULL PRIMARY KEY, -- plain
  kind text NOT NULL, -- plain
  payload jsonb, -- personal
  title text NOT NULL, -- personal
  status text NOT NULL, -- plain
  attempts integer NOT NULL, -- plain
  next_attempt_at timestamptz NOT NULL, -- plain
  last_error text, -- personal
  created_at timestamptz NOT NULL, -- plain
  finished_at timestamptz, -- plain
  leased_until timestamptz -- plain
);
CREATE INDEX jobs_due ON jobs (next_attempt_at) WHERE status = 'waiting';
CREATE INDEX jobs_by_time ON jobs (created_at, id);
CREATE INDEX jobs_by_title ON jobs (title);

CREATE TABLE imports (
  id uuid NOT NULL PRIMARY KEY, -- plain
  name text NOT NULL, -- plain
  state text NOT NULL, -- plain
  mode text, -- plain
  plan jsonb, -- personal
  size_bytes bigint NOT NULL, -- plain
  file text NOT NULL, -- plain
  list_id uuid, -- plain
  progress jsonb NOT NULL, -- plain
  error text, -- plain
  created_by uuid, -- plain
  created_at timestamptz NOT NULL, -- plain
  started_at timestamptz, -- plain
  finished_at timestamptz, -- plain
  lease_holder text, -- plain
  lease_until timestamptz -- plain
);
CREATE INDEX imports_by_time ON imports (created_at, id);

CREATE TABLE import_rejects (
  import_id uuid NOT NULL REFERENCES imports (id) ON DELETE CASCADE, -- plain
  line bigint NOT NULL, -- plain
  field text NOT NULL, -- plain
  reason text NOT NULL, -- plain
  cells jsonb NOT NULL, -- personal
  -- The order in which rejects of one line were found.
  position bigint NOT NULL GENERATED ALWAYS AS IDENTITY -- plain
);
CREATE INDEX import_rejects_by_line ON import_rejects (import_id, line, position);

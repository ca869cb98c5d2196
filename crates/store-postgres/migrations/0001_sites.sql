-- Behind each column stands whether it can hold what names a person: `personal` or `plain` (rule R40). A test reads this.

CREATE TABLE sites (
  id uuid NOT NULL PRIMARY KEY, -- plain
  name text NOT NULL, -- plain
  key text NOT NULL UNIQUE, -- plain
  enabled boolean NOT NULL, -- plain
  chat_enabled boolean NOT NULL, -- plain
  style jsonb, -- plain
  privacy jsonb, -- plain
  security jsonb, -- plain
  poke_pause_minutes integer NOT NULL, -- plain
  avatar uuid, -- plain
  last_seen_at timestamptz, -- plain
  seen_hosts jsonb NOT NULL, -- plain
  created_at timestamptz NOT NULL, -- plain
  version bigint NOT NULL -- plain
);

CREATE TABLE files (
  id uuid NOT NULL PRIMARY KEY, -- plain
  media_type text NOT NULL, -- plain
  bytes bytea NOT NULL, -- plain
  created_at timestamptz NOT NULL -- plain
);

CREATE TABLE settings (
  key text NOT NULL PRIMARY KEY, -- plain
  value jsonb NOT NULL -- plain
);

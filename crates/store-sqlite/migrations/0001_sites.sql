-- Behind each column stands whether it can hold what names a person: `personal` or `plain` (rule R40). A test reads this.

CREATE TABLE sites (
  id BLOB NOT NULL PRIMARY KEY, -- plain
  name TEXT NOT NULL, -- plain
  key TEXT NOT NULL UNIQUE, -- plain
  enabled INTEGER NOT NULL, -- plain
  chat_enabled INTEGER NOT NULL, -- plain
  style TEXT NOT NULL, -- plain
  privacy TEXT NOT NULL, -- plain
  security TEXT NOT NULL, -- plain
  poke_pause_minutes INTEGER NOT NULL, -- plain
  avatar BLOB, -- plain
  last_seen_at INTEGER, -- plain
  seen_hosts TEXT NOT NULL, -- plain
  created_at INTEGER NOT NULL, -- plain
  version INTEGER NOT NULL -- plain
);

CREATE TABLE files (
  id BLOB NOT NULL PRIMARY KEY, -- plain
  media_type TEXT NOT NULL, -- plain
  bytes BLOB NOT NULL, -- plain
  created_at INTEGER NOT NULL -- plain
);

CREATE TABLE settings (
  key TEXT NOT NULL PRIMARY KEY, -- plain
  value TEXT NOT NULL -- plain
) WITHOUT ROWID;

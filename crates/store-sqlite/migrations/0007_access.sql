CREATE TABLE profiles (
  id BLOB NOT NULL PRIMARY KEY, -- plain
  name TEXT NOT NULL UNIQUE, -- plain
  description TEXT NOT NULL, -- plain
  built_in INTEGER NOT NULL, -- plain
  permissions TEXT NOT NULL, -- plain
  version INTEGER NOT NULL -- plain
);

CREATE TABLE users (
  id BLOB NOT NULL PRIMARY KEY, -- plain
  email TEXT NOT NULL UNIQUE, -- plain
  name TEXT NOT NULL, -- plain
  profile_id BLOB NOT NULL REFERENCES profiles (id), -- plain
  owner INTEGER NOT NULL, -- plain
  disabled INTEGER NOT NULL, -- plain
  password_hash TEXT, -- plain
  failed_attempts INTEGER NOT NULL, -- plain
  locked_until INTEGER, -- plain
  preferences TEXT NOT NULL, -- plain
  created_at INTEGER NOT NULL, -- plain
  last_seen_at INTEGER -- plain
);
CREATE INDEX users_by_profile ON users (profile_id);

CREATE TABLE sessions (
  id BLOB NOT NULL PRIMARY KEY, -- plain
  token_hash BLOB NOT NULL UNIQUE, -- plain
  user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE, -- plain
  user_agent TEXT NOT NULL, -- plain
  created_at INTEGER NOT NULL, -- plain
  last_seen_at INTEGER NOT NULL, -- plain
  expires_at INTEGER NOT NULL -- plain
);
CREATE INDEX sessions_by_user ON sessions (user_id, created_at);

CREATE TABLE invitations (
  id BLOB NOT NULL PRIMARY KEY, -- plain
  token_hash BLOB NOT NULL UNIQUE, -- plain
  user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE, -- plain
  kind TEXT NOT NULL, -- plain
  created_at INTEGER NOT NULL, -- plain
  expires_at INTEGER NOT NULL -- plain
);
CREATE INDEX invitations_by_user ON invitations (user_id, kind);

CREATE TABLE api_tokens (
  id BLOB NOT NULL PRIMARY KEY, -- plain
  token_hash BLOB NOT NULL UNIQUE, -- plain
  name TEXT NOT NULL, -- plain
  scopes TEXT NOT NULL, -- plain
  created_by BLOB, -- plain
  created_at INTEGER NOT NULL, -- plain
  last_used_at INTEGER, -- plain
  expires_at INTEGER -- plain
);

CREATE TABLE audit_log (
  id BLOB NOT NULL PRIMARY KEY, -- plain
  at INTEGER NOT NULL, -- plain
  user_id BLOB, -- plain
  actor TEXT NOT NULL, -- plain
  via TEXT NOT NULL, -- plain
  action TEXT NOT NULL, -- plain
  object_kind TEXT NOT NULL, -- plain
  object_id TEXT, -- plain
  object_name TEXT, -- personal
  details TEXT NOT NULL, -- personal
  ip TEXT, -- plain
  -- Actor and object name, folded, for the search.
  words TEXT NOT NULL -- personal
);
CREATE INDEX audit_log_by_time ON audit_log (at, id);
CREATE INDEX audit_log_by_object ON audit_log (object_id) WHERE object_id IS NOT NULL;

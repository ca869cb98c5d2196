CREATE TABLE profiles (
  id uuid NOT NULL PRIMARY KEY, -- plain
  name text NOT NULL UNIQUE, -- plain
  description text NOT NULL, -- plain
  built_in boolean NOT NULL, -- plain
  permissions jsonb NOT NULL, -- plain
  version bigint NOT NULL -- plain
);

CREATE TABLE users (
  id uuid NOT NULL PRIMARY KEY, -- plain
  email text COLLATE "C" NOT NULL UNIQUE, -- plain
  name text NOT NULL, -- plain
  profile_id uuid NOT NULL REFERENCES profiles (id), -- plain
  owner boolean NOT NULL, -- plain
  disabled boolean NOT NULL, -- plain
  password_hash text, -- plain
  failed_attempts integer NOT NULL, -- plain
  locked_until timestamptz, -- plain
  preferences jsonb, -- plain
  created_at timestamptz NOT NULL, -- plain
  last_seen_at timestamptz -- plain
);
CREATE INDEX users_by_profile ON users (profile_id);

CREATE TABLE sessions (
  id uuid NOT NULL PRIMARY KEY, -- plain
  token_hash bytea NOT NULL UNIQUE, -- plain
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE, -- plain
  user_agent text NOT NULL, -- plain
  created_at timestamptz NOT NULL, -- plain
  last_seen_at timestamptz NOT NULL, -- plain
  expires_at timestamptz NOT NULL -- plain
);
CREATE INDEX sessions_by_user ON sessions (user_id, created_at);

CREATE TABLE invitations (
  id uuid NOT NULL PRIMARY KEY, -- plain
  token_hash bytea NOT NULL UNIQUE, -- plain
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE, -- plain
  kind text NOT NULL, -- plain
  created_at timestamptz NOT NULL, -- plain
  expires_at timestamptz NOT NULL -- plain
);
CREATE INDEX invitations_by_user ON invitations (user_id, kind);

CREATE TABLE api_tokens (
  id uuid NOT NULL PRIMARY KEY, -- plain
  token_hash bytea NOT NULL UNIQUE, -- plain
  name text NOT NULL, -- plain
  scopes jsonb NOT NULL, -- plain
  created_by uuid, -- plain
  created_at timestamptz NOT NULL, -- plain
  last_used_at timestamptz, -- plain
  expires_at timestamptz -- plain
);

CREATE TABLE audit_log (
  id uuid NOT NULL PRIMARY KEY, -- plain
  at timestamptz NOT NULL, -- plain
  user_id uuid, -- plain
  actor text NOT NULL, -- plain
  via text NOT NULL, -- plain
  action text NOT NULL, -- plain
  object_kind text NOT NULL, -- plain
  object_id text, -- plain
  object_name text, -- personal
  details jsonb, -- personal
  ip text, -- plain
  -- Actor and object name, folded, for the search.
  words text COLLATE "C" NOT NULL -- personal
);
CREATE INDEX audit_log_by_time ON audit_log (at, id);
CREATE INDEX audit_log_by_object ON audit_log (object_id) WHERE object_id IS NOT NULL;

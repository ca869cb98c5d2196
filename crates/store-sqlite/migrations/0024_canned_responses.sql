-- Texts that agents keep at hand: everybody's, or one agent's own.
CREATE TABLE canned_responses (
  id BLOB NOT NULL PRIMARY KEY, -- plain
  shortcut TEXT NOT NULL, -- plain
  text TEXT NOT NULL, -- plain
  owner_id BLOB REFERENCES users (id) ON DELETE CASCADE, -- plain
  created_at INTEGER NOT NULL, -- plain
  updated_at INTEGER NOT NULL, -- plain
  version INTEGER NOT NULL -- plain
);
CREATE UNIQUE INDEX canned_responses_shared ON canned_responses (shortcut) WHERE owner_id IS NULL;
CREATE UNIQUE INDEX canned_responses_own ON canned_responses (owner_id, shortcut) WHERE owner_id IS NOT NULL;

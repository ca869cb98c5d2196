-- Texts that agents keep at hand: everybody's, or one agent's own.
CREATE TABLE canned_responses (
  id uuid NOT NULL PRIMARY KEY, -- plain
  shortcut text NOT NULL, -- plain
  text text NOT NULL, -- plain
  owner_id uuid REFERENCES users (id) ON DELETE CASCADE, -- plain
  created_at timestamptz NOT NULL, -- plain
  updated_at timestamptz NOT NULL, -- plain
  version bigint NOT NULL -- plain
);
CREATE UNIQUE INDEX canned_responses_shared ON canned_responses (shortcut) WHERE owner_id IS NULL;
CREATE UNIQUE INDEX canned_responses_own ON canned_responses (owner_id, shortcut) WHERE owner_id IS NOT NULL;

-- Browsers of users that take pushed notifications; each goes with the sign-in that made it.
CREATE TABLE push_subscriptions (
  id uuid NOT NULL PRIMARY KEY, -- plain
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE, -- plain
  session_id uuid NOT NULL REFERENCES sessions (id) ON DELETE CASCADE, -- plain
  endpoint text NOT NULL UNIQUE, -- plain
  p256dh bytea NOT NULL, -- plain
  auth bytea NOT NULL, -- plain
  server_key text NOT NULL, -- plain
  user_agent text NOT NULL, -- plain
  created_at timestamptz NOT NULL, -- plain
  pushed_at timestamptz -- plain
);
CREATE INDEX push_subscriptions_by_user ON push_subscriptions (user_id, created_at);
CREATE INDEX push_subscriptions_by_session ON push_subscriptions (session_id);

-- The last message of the visitor to which the agents of a chat were called.
ALTER TABLE chats ADD COLUMN called_to bigint NOT NULL DEFAULT 0; -- plain

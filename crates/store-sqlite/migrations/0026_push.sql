-- Browsers of users that take pushed notifications; each goes with the sign-in that made it.
CREATE TABLE push_subscriptions (
  id BLOB NOT NULL PRIMARY KEY, -- plain
  user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE, -- plain
  session_id BLOB NOT NULL REFERENCES sessions (id) ON DELETE CASCADE, -- plain
  endpoint TEXT NOT NULL UNIQUE, -- plain
  p256dh BLOB NOT NULL, -- plain
  auth BLOB NOT NULL, -- plain
  server_key TEXT NOT NULL, -- plain
  user_agent TEXT NOT NULL, -- plain
  created_at INTEGER NOT NULL, -- plain
  pushed_at INTEGER -- plain
);
CREATE INDEX push_subscriptions_by_user ON push_subscriptions (user_id, created_at);
CREATE INDEX push_subscriptions_by_session ON push_subscriptions (session_id);

-- The last message of the visitor to which the agents of a chat were called.
ALTER TABLE chats ADD COLUMN called_to INTEGER NOT NULL DEFAULT 0; -- plain

-- Once the person is erased, person_id and visitor_id are null and nothing but the times is left, for the counts.
CREATE TABLE conversations (
  id uuid NOT NULL PRIMARY KEY, -- plain
  site_id uuid NOT NULL REFERENCES sites (id) ON DELETE CASCADE, -- plain
  visitor_id uuid, -- personal
  person_id uuid, -- personal
  dialogue_id uuid NOT NULL REFERENCES dialogues (id) ON DELETE CASCADE, -- plain
  version_id uuid NOT NULL, -- plain
  stage text NOT NULL, -- plain
  state jsonb NOT NULL, -- personal
  last_seq bigint NOT NULL, -- plain
  epoch integer NOT NULL, -- plain
  page_url text NOT NULL, -- personal
  triggered_at timestamptz NOT NULL, -- plain
  engaged_at timestamptz, -- plain
  completed_at timestamptz, -- plain
  dropped_at timestamptz, -- plain
  acquired_at timestamptz, -- plain
  dismissed_at timestamptz, -- plain
  last_visitor_at timestamptz NOT NULL, -- plain
  shown_at jsonb NOT NULL, -- plain
  goals jsonb NOT NULL -- plain
);
CREATE INDEX conversations_by_visitor ON conversations (visitor_id, triggered_at, id);
CREATE INDEX conversations_by_person ON conversations (person_id, triggered_at, id);
CREATE INDEX conversations_by_time ON conversations (triggered_at, id);
CREATE INDEX conversations_by_site ON conversations (site_id);
CREATE INDEX conversations_by_dialogue ON conversations (dialogue_id, triggered_at, engaged_at, completed_at, acquired_at);
CREATE INDEX conversations_engaged ON conversations (last_visitor_at) WHERE stage = 'engaged';

CREATE TABLE messages (
  conversation_id uuid NOT NULL REFERENCES conversations (id) ON DELETE CASCADE, -- plain
  seq bigint NOT NULL, -- plain
  id uuid NOT NULL, -- plain
  sender text NOT NULL, -- plain
  kind text NOT NULL, -- plain
  card_id text, -- plain
  body jsonb, -- personal
  superseded boolean NOT NULL, -- plain
  client_id text, -- plain
  at timestamptz NOT NULL, -- plain
  PRIMARY KEY (conversation_id, seq)
);
CREATE UNIQUE INDEX messages_client_id ON messages (conversation_id, client_id) WHERE client_id IS NOT NULL;

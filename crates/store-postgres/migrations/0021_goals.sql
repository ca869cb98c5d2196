-- What dialogues and flows have in common: goals. Streams call them by name; a goal that is renamed keeps every name it had.
CREATE TABLE goals (
  id uuid NOT NULL PRIMARY KEY, -- plain
  name text NOT NULL, -- plain
  name_folded text NOT NULL UNIQUE, -- plain
  names jsonb NOT NULL, -- plain
  created_at timestamptz NOT NULL, -- plain
  created_by uuid, -- plain
  updated_at timestamptz NOT NULL, -- plain
  version bigint NOT NULL -- plain
);

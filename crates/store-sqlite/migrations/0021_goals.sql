-- What dialogues and flows have in common: goals. Streams call them by name; a goal that is renamed keeps every name it had.
CREATE TABLE goals (
  id BLOB NOT NULL PRIMARY KEY, -- plain
  name TEXT NOT NULL, -- plain
  name_folded TEXT NOT NULL UNIQUE, -- plain
  names TEXT NOT NULL, -- plain
  created_at INTEGER NOT NULL, -- plain
  created_by BLOB, -- plain
  updated_at INTEGER NOT NULL, -- plain
  version INTEGER NOT NULL -- plain
);

-- Questions with approved answers (spec 09), and what visitors asked that none of them answers.
CREATE TABLE responses (
  id BLOB NOT NULL PRIMARY KEY, -- plain
  question TEXT NOT NULL, -- plain
  variants TEXT NOT NULL, -- plain
  answer TEXT NOT NULL, -- plain
  topics TEXT NOT NULL, -- plain
  links TEXT NOT NULL, -- plain
  state TEXT NOT NULL, -- plain
  created_at INTEGER NOT NULL, -- plain
  updated_at INTEGER NOT NULL, -- plain
  version INTEGER NOT NULL -- plain
);

CREATE TABLE unanswered_questions (
  id BLOB NOT NULL PRIMARY KEY, -- plain
  question TEXT NOT NULL, -- personal
  folded TEXT NOT NULL UNIQUE, -- personal
  times INTEGER NOT NULL, -- plain
  first_at INTEGER NOT NULL, -- plain
  last_at INTEGER NOT NULL, -- plain
  dialogue_id BLOB NOT NULL, -- plain
  conversation_id BLOB NOT NULL, -- personal
  person_id BLOB NOT NULL -- personal
);
CREATE INDEX unanswered_questions_by_time ON unanswered_questions (last_at, id);
CREATE INDEX unanswered_questions_by_person ON unanswered_questions (person_id);

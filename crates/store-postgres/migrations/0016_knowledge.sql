-- Questions with approved answers (spec 09), and what visitors asked that none of them answers.
CREATE TABLE responses (
  id uuid NOT NULL PRIMARY KEY, -- plain
  question text NOT NULL, -- plain
  variants jsonb NOT NULL, -- plain
  answer jsonb NOT NULL, -- plain
  topics jsonb NOT NULL, -- plain
  links jsonb NOT NULL, -- plain
  state text NOT NULL, -- plain
  created_at timestamptz NOT NULL, -- plain
  updated_at timestamptz NOT NULL, -- plain
  version bigint NOT NULL -- plain
);

CREATE TABLE unanswered_questions (
  id uuid NOT NULL PRIMARY KEY, -- plain
  question text NOT NULL, -- personal
  folded text NOT NULL UNIQUE, -- personal
  times bigint NOT NULL, -- plain
  first_at timestamptz NOT NULL, -- plain
  last_at timestamptz NOT NULL, -- plain
  dialogue_id uuid NOT NULL, -- plain
  conversation_id uuid NOT NULL, -- personal
  person_id uuid NOT NULL -- personal
);
CREATE INDEX unanswered_questions_by_time ON unanswered_questions (last_at, id);
CREATE INDEX unanswered_questions_by_person ON unanswered_questions (person_id);

-- Rises with every change of the row, so that a step that was worked out beside the writer is refused when the conversation
-- has moved on since.
ALTER TABLE conversations ADD COLUMN revision INTEGER NOT NULL DEFAULT 0; -- plain
-- The time of the last answer changes with every answer, and with it this index; the one that takes its place stands still.
-- A silent conversation was triggered before it fell silent.
DROP INDEX conversations_engaged;
CREATE INDEX conversations_engaged ON conversations (triggered_at) WHERE stage = 'engaged';

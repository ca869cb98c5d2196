-- Rises with every change of the row, so that a step that was worked out without a lock is refused when the conversation has
-- moved on since.
ALTER TABLE conversations ADD COLUMN revision bigint NOT NULL DEFAULT 0; -- plain
-- The time of the last answer changes with every answer, and with it this index; without it an answer changes no indexed
-- column and the new version of the row stays on its page. A silent conversation was triggered before it fell silent.
DROP INDEX conversations_engaged;
CREATE INDEX conversations_engaged ON conversations (triggered_at) WHERE stage = 'engaged';
ALTER TABLE conversations SET (fillfactor = 80);

-- Length, buffers and limits of an agent's meetings (spec 07).
ALTER TABLE agents ADD COLUMN meeting_rules jsonb; -- plain

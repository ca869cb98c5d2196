-- The dialogues of a site as they were when page views were decided, for the verdicts that page views keep. The id is made
-- of the content.
CREATE TABLE decision_snapshots (
  id uuid NOT NULL PRIMARY KEY, -- plain
  site_id uuid NOT NULL REFERENCES sites (id) ON DELETE CASCADE, -- plain
  dialogues jsonb NOT NULL, -- plain
  used_at timestamptz NOT NULL -- plain
);
CREATE INDEX decision_snapshots_by_use ON decision_snapshots (used_at);

-- Where the visitor came from when the conversation was triggered; null for conversations made before this was noted.
ALTER TABLE conversations ADD COLUMN device text; -- personal
ALTER TABLE conversations ADD COLUMN country text; -- personal
ALTER TABLE conversations ADD COLUMN known boolean; -- plain

-- The dialogues of a site as they were when page views were decided, for the verdicts that page views keep. The id is made
-- of the content.
CREATE TABLE decision_snapshots (
  id BLOB NOT NULL PRIMARY KEY, -- plain
  site_id BLOB NOT NULL REFERENCES sites (id) ON DELETE CASCADE, -- plain
  dialogues TEXT NOT NULL, -- plain
  used_at INTEGER NOT NULL -- plain
);
CREATE INDEX decision_snapshots_by_use ON decision_snapshots (used_at);

-- Where the visitor came from when the conversation was triggered; null for conversations made before this was noted.
ALTER TABLE conversations ADD COLUMN device TEXT; -- personal
ALTER TABLE conversations ADD COLUMN country TEXT; -- personal
ALTER TABLE conversations ADD COLUMN known INTEGER; -- plain

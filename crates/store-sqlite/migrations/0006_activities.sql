-- Once the person is erased, person_id, visitor_id and conversation_id are null and attributes empty; only what counts
-- for a dialogue is kept at all.
CREATE TABLE activities (
  position INTEGER PRIMARY KEY AUTOINCREMENT, -- plain
  id BLOB NOT NULL, -- plain
  kind TEXT NOT NULL, -- plain
  person_id BLOB, -- personal
  visitor_id BLOB, -- personal
  site_id BLOB, -- plain
  dialogue_id BLOB, -- plain
  conversation_id BLOB, -- personal
  at INTEGER NOT NULL, -- plain
  attributes TEXT NOT NULL -- personal
);
CREATE INDEX activities_by_person ON activities (person_id, at, id);
CREATE INDEX activities_by_kind ON activities (kind, at, id);
CREATE INDEX activities_by_dialogue ON activities (dialogue_id, kind, at) WHERE dialogue_id IS NOT NULL;
CREATE INDEX activities_by_time ON activities (at, kind);

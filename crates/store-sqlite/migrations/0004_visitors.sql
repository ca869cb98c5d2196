CREATE TABLE visitors (
  id BLOB NOT NULL PRIMARY KEY, -- personal
  site_id BLOB NOT NULL REFERENCES sites (id) ON DELETE CASCADE, -- plain
  token_hash BLOB NOT NULL UNIQUE, -- personal
  person_id BLOB NOT NULL, -- personal
  rung TEXT NOT NULL, -- plain
  language TEXT, -- personal
  dismissed_at INTEGER, -- plain
  created_at INTEGER NOT NULL, -- plain
  last_seen_at INTEGER NOT NULL, -- plain
  revoked_at INTEGER -- plain
);
CREATE INDEX visitors_by_person ON visitors (person_id, created_at);
CREATE INDEX visitors_by_site ON visitors (site_id);

CREATE TABLE visits (
  id BLOB NOT NULL PRIMARY KEY, -- personal
  site_id BLOB NOT NULL, -- plain
  visitor_id BLOB NOT NULL REFERENCES visitors (id) ON DELETE CASCADE, -- personal
  number INTEGER NOT NULL, -- plain
  started_at INTEGER NOT NULL, -- plain
  last_at INTEGER NOT NULL, -- plain
  pages INTEGER NOT NULL, -- plain
  visible_ms INTEGER NOT NULL, -- plain
  dialogue_ms TEXT NOT NULL, -- plain
  attributes TEXT NOT NULL -- personal
);
CREATE INDEX visits_by_visitor ON visits (visitor_id, started_at, id);
CREATE INDEX visits_by_start ON visits (started_at);

CREATE TABLE page_views (
  id BLOB NOT NULL PRIMARY KEY, -- personal
  site_id BLOB NOT NULL, -- plain
  visit_id BLOB NOT NULL, -- personal
  visitor_id BLOB NOT NULL REFERENCES visitors (id) ON DELETE CASCADE, -- personal
  url TEXT NOT NULL, -- personal
  title TEXT NOT NULL, -- personal
  at INTEGER NOT NULL, -- plain
  trace TEXT NOT NULL -- personal
);
CREATE INDEX page_views_by_visitor ON page_views (visitor_id, at, id);

-- Keyed hashes that change daily: nobody can be found by them the day after.
CREATE TABLE guest_marks (
  site_id BLOB NOT NULL REFERENCES sites (id) ON DELETE CASCADE, -- plain
  hash BLOB NOT NULL, -- plain
  dialogue_id BLOB NOT NULL, -- plain
  shown_at INTEGER, -- plain
  dismissed_at INTEGER, -- plain
  visible_ms INTEGER NOT NULL, -- plain
  converted INTEGER NOT NULL, -- plain
  created_at INTEGER NOT NULL, -- plain
  PRIMARY KEY (site_id, hash, dialogue_id)
) WITHOUT ROWID;
CREATE INDEX guest_marks_by_age ON guest_marks (created_at);
CREATE INDEX guest_marks_by_dialogue ON guest_marks (dialogue_id, shown_at) WHERE shown_at IS NOT NULL AND converted = 0;

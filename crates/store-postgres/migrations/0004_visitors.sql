CREATE TABLE visitors (
  id uuid NOT NULL PRIMARY KEY, -- personal
  site_id uuid NOT NULL REFERENCES sites (id) ON DELETE CASCADE, -- plain
  token_hash bytea NOT NULL UNIQUE, -- personal
  person_id uuid NOT NULL, -- personal
  rung text NOT NULL, -- plain
  language text, -- personal
  dismissed_at timestamptz, -- plain
  created_at timestamptz NOT NULL, -- plain
  last_seen_at timestamptz NOT NULL, -- plain
  revoked_at timestamptz -- plain
);
CREATE INDEX visitors_by_person ON visitors (person_id, created_at);
CREATE INDEX visitors_by_site ON visitors (site_id);

CREATE TABLE visits (
  id uuid NOT NULL PRIMARY KEY, -- personal
  site_id uuid NOT NULL, -- plain
  visitor_id uuid NOT NULL REFERENCES visitors (id) ON DELETE CASCADE, -- personal
  number integer NOT NULL, -- plain
  started_at timestamptz NOT NULL, -- plain
  last_at timestamptz NOT NULL, -- plain
  pages integer NOT NULL, -- plain
  visible_ms bigint NOT NULL, -- plain
  dialogue_ms jsonb NOT NULL, -- plain
  attributes jsonb -- personal
);
CREATE INDEX visits_by_visitor ON visits (visitor_id, started_at, id);
CREATE INDEX visits_by_start ON visits (started_at);

CREATE TABLE page_views (
  id uuid NOT NULL PRIMARY KEY, -- personal
  site_id uuid NOT NULL, -- plain
  visit_id uuid NOT NULL, -- personal
  visitor_id uuid NOT NULL REFERENCES visitors (id) ON DELETE CASCADE, -- personal
  url text NOT NULL, -- personal
  title text NOT NULL, -- personal
  at timestamptz NOT NULL, -- plain
  trace jsonb -- personal
);
CREATE INDEX page_views_by_visitor ON page_views (visitor_id, at, id);

-- Keyed hashes that change daily: nobody can be found by them the day after.
CREATE TABLE guest_marks (
  site_id uuid NOT NULL REFERENCES sites (id) ON DELETE CASCADE, -- plain
  hash bytea NOT NULL, -- plain
  dialogue_id uuid NOT NULL, -- plain
  shown_at timestamptz, -- plain
  dismissed_at timestamptz, -- plain
  visible_ms bigint NOT NULL, -- plain
  converted boolean NOT NULL, -- plain
  created_at timestamptz NOT NULL, -- plain
  PRIMARY KEY (site_id, hash, dialogue_id)
);
CREATE INDEX guest_marks_by_age ON guest_marks (created_at);
CREATE INDEX guest_marks_by_dialogue ON guest_marks (dialogue_id, shown_at) WHERE shown_at IS NOT NULL AND NOT converted;

-- An instant as milliseconds since 1970, for documents.
CREATE FUNCTION ms(at timestamptz) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN (extract(epoch FROM at) * 1000)::bigint;

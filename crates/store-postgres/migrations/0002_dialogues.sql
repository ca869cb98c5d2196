CREATE TABLE dialogues (
  id uuid NOT NULL PRIMARY KEY, -- plain
  site_id uuid NOT NULL REFERENCES sites (id) ON DELETE CASCADE, -- plain
  kind text NOT NULL, -- plain
  name text NOT NULL, -- plain
  name_folded text COLLATE "C" NOT NULL, -- plain
  description text NOT NULL, -- plain
  priority integer NOT NULL, -- plain
  enabled boolean NOT NULL, -- plain
  state text NOT NULL, -- plain
  draft jsonb NOT NULL, -- plain
  draft_version bigint NOT NULL, -- plain
  published_version_id uuid, -- plain
  created_at timestamptz NOT NULL, -- plain
  updated_at timestamptz NOT NULL, -- plain
  updated_by uuid -- plain
);
CREATE INDEX dialogues_by_site ON dialogues (site_id, state);
CREATE INDEX dialogues_by_priority ON dialogues (priority, created_at, id);

CREATE TABLE dialogue_versions (
  id uuid NOT NULL PRIMARY KEY, -- plain
  dialogue_id uuid NOT NULL REFERENCES dialogues (id) ON DELETE CASCADE, -- plain
  number integer NOT NULL, -- plain
  name text NOT NULL, -- plain
  content jsonb NOT NULL, -- plain
  draft_version bigint NOT NULL, -- plain
  created_at timestamptz NOT NULL, -- plain
  created_by uuid, -- plain
  UNIQUE (dialogue_id, number)
);

-- Triggers shown to guests without stored identity, after their marks were folded; a bucket is a quarter of an hour,
-- so that days of every time zone can be cut from it.
CREATE TABLE dialogue_guest_triggers (
  dialogue_id uuid NOT NULL REFERENCES dialogues (id) ON DELETE CASCADE, -- plain
  bucket timestamptz NOT NULL, -- plain
  triggered bigint NOT NULL, -- plain
  PRIMARY KEY (dialogue_id, bucket)
);

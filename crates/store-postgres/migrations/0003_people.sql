CREATE TABLE companies (
  id uuid NOT NULL PRIMARY KEY, -- plain
  name text NOT NULL, -- plain
  name_folded text COLLATE "C" NOT NULL, -- plain
  attributes jsonb NOT NULL, -- plain
  -- Text attributes whose folding is more than ASCII lower case, folded; null when there is none.
  folded jsonb, -- plain
  owner_id uuid, -- plain
  created_at timestamptz NOT NULL, -- plain
  updated_at timestamptz NOT NULL, -- plain
  version bigint NOT NULL -- plain
);
CREATE INDEX companies_by_name ON companies (name_folded, id);

CREATE TABLE company_domains (
  domain text COLLATE "C" NOT NULL PRIMARY KEY, -- plain
  company_id uuid NOT NULL REFERENCES companies (id) ON DELETE CASCADE, -- plain
  position integer NOT NULL -- plain
);
CREATE INDEX company_domains_by_company ON company_domains (company_id, position);

CREATE TABLE people (
  id uuid NOT NULL PRIMARY KEY, -- personal
  email text COLLATE "C", -- personal
  rung text NOT NULL, -- plain
  attributes jsonb NOT NULL, -- personal
  -- Text attributes whose folding is more than ASCII lower case, folded; null when there is none.
  folded jsonb, -- personal
  -- Null when empty, like suggestions: most people have neither.
  origins jsonb, -- personal
  base_origin jsonb NOT NULL, -- personal
  suggestions jsonb, -- personal
  company_id uuid, -- personal
  owner_id uuid, -- plain
  -- Sort keys. Kept by every write, also by the bulk one.
  last_name_sort text COLLATE "C", -- personal
  company_sort text COLLATE "C", -- personal
  score double precision, -- plain
  created_at timestamptz NOT NULL, -- plain
  updated_at timestamptz NOT NULL, -- plain
  last_seen_at timestamptz, -- plain
  version bigint NOT NULL -- plain
);
CREATE UNIQUE INDEX people_email ON people (email) WHERE email IS NOT NULL;
CREATE INDEX people_by_created ON people (created_at, id);
CREATE INDEX people_by_updated ON people (updated_at, id);
CREATE INDEX people_by_last_seen ON people (last_seen_at, id) WHERE last_seen_at IS NOT NULL;
CREATE INDEX people_by_last_name ON people (last_name_sort, id) WHERE last_name_sort IS NOT NULL;
CREATE INDEX people_by_company_name ON people (company_sort, id) WHERE company_sort IS NOT NULL;
CREATE INDEX people_by_score ON people (score, id) WHERE score IS NOT NULL;
CREATE INDEX people_by_company ON people (company_id) WHERE company_id IS NOT NULL;

-- Ids of merged people; always straight to the survivor, never in a chain.
CREATE TABLE person_aliases (
  id uuid NOT NULL PRIMARY KEY, -- personal
  person_id uuid NOT NULL, -- personal
  at timestamptz NOT NULL -- plain
);
CREATE INDEX person_aliases_by_person ON person_aliases (person_id);

-- Who was erased and when, so that it can be done again after an older backup was restored (rule R40).
CREATE TABLE erasures (
  person_id uuid NOT NULL PRIMARY KEY, -- plain
  at timestamptz NOT NULL -- plain
);

-- People whose search index lags behind their record.
CREATE TABLE people_unindexed (
  person_id uuid NOT NULL PRIMARY KEY -- personal
);

-- Folded words of name, address, company and job title; a lexeme is a word as `kernel::text::fold` leaves it.
CREATE TABLE people_words (
  person_id uuid NOT NULL PRIMARY KEY, -- personal
  words tsvector NOT NULL -- personal
);
CREATE INDEX people_words_search ON people_words USING gin (words) WITH (fastupdate = off);

CREATE TABLE attributes (
  id uuid NOT NULL PRIMARY KEY, -- plain
  of text NOT NULL, -- plain
  name text NOT NULL, -- plain
  label text NOT NULL, -- plain
  kind text NOT NULL, -- plain
  standard boolean NOT NULL, -- plain
  harmless boolean NOT NULL, -- plain
  created_at timestamptz NOT NULL, -- plain
  UNIQUE (of, name)
);

CREATE TABLE lists (
  id uuid NOT NULL PRIMARY KEY, -- plain
  name text NOT NULL UNIQUE, -- plain
  created_at timestamptz NOT NULL -- plain
);

CREATE TABLE list_members (
  list_id uuid NOT NULL REFERENCES lists (id) ON DELETE CASCADE, -- plain
  person_id uuid NOT NULL, -- personal
  added_by uuid, -- plain
  added_at timestamptz NOT NULL, -- plain
  PRIMARY KEY (list_id, person_id)
);
CREATE INDEX list_members_by_person ON list_members (person_id);

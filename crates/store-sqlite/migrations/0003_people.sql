CREATE TABLE companies (
  id BLOB NOT NULL PRIMARY KEY, -- plain
  name TEXT NOT NULL, -- plain
  name_folded TEXT NOT NULL, -- plain
  attributes TEXT NOT NULL, -- plain
  -- Text attributes whose folding is more than ASCII lower case, folded; null when there is none.
  folded TEXT, -- plain
  owner_id BLOB, -- plain
  created_at INTEGER NOT NULL, -- plain
  updated_at INTEGER NOT NULL, -- plain
  version INTEGER NOT NULL -- plain
);
CREATE INDEX companies_by_name ON companies (name_folded, id);

CREATE TABLE company_domains (
  domain TEXT NOT NULL PRIMARY KEY, -- plain
  company_id BLOB NOT NULL REFERENCES companies (id) ON DELETE CASCADE, -- plain
  position INTEGER NOT NULL -- plain
) WITHOUT ROWID;
CREATE INDEX company_domains_by_company ON company_domains (company_id, position);

CREATE TABLE people (
  pk INTEGER PRIMARY KEY, -- plain
  id BLOB NOT NULL UNIQUE, -- personal
  email TEXT, -- personal
  rung TEXT NOT NULL, -- plain
  attributes TEXT NOT NULL, -- personal
  -- Text attributes whose folding is more than ASCII lower case, folded; null when there is none.
  folded TEXT, -- personal
  -- Null when empty, like suggestions: most people have neither.
  origins TEXT, -- personal
  base_origin TEXT NOT NULL, -- personal
  suggestions TEXT, -- personal
  company_id BLOB, -- personal
  owner_id BLOB, -- plain
  -- Sort keys. Those of names are part of the search index: after a bulk write they follow with it.
  last_name_sort TEXT, -- personal
  company_sort TEXT, -- personal
  score REAL, -- plain
  created_at INTEGER NOT NULL, -- plain
  updated_at INTEGER NOT NULL, -- plain
  last_seen_at INTEGER, -- plain
  version INTEGER NOT NULL -- plain
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
  id BLOB NOT NULL PRIMARY KEY, -- personal
  person_id BLOB NOT NULL, -- personal
  at INTEGER NOT NULL -- plain
) WITHOUT ROWID;
CREATE INDEX person_aliases_by_person ON person_aliases (person_id);

-- Who was erased and when, so that it can be done again after an older backup was restored (rule R40).
CREATE TABLE erasures (
  person_id BLOB NOT NULL PRIMARY KEY, -- plain
  at INTEGER NOT NULL -- plain
) WITHOUT ROWID;

-- People whose search index lags behind their record.
CREATE TABLE people_unindexed (
  pk INTEGER PRIMARY KEY -- plain
);

-- Folded words of name, address, company and job title; the table of people_fts's content.
CREATE TABLE people_words (
  pk INTEGER PRIMARY KEY, -- plain
  words TEXT NOT NULL -- personal
);
-- The words come folded and split, so every letter beyond ASCII belongs to a word.
CREATE VIRTUAL TABLE people_fts USING fts5 (
  words, content='people_words', content_rowid='pk', detail='none', columnsize=0, prefix='1 2 3',
  tokenize='ascii'
);
-- Erased words leave the index at once instead of at the next merge of its segments.
INSERT INTO people_fts (people_fts, rank) VALUES ('secure-delete', 1);

CREATE TABLE attributes (
  id BLOB NOT NULL PRIMARY KEY, -- plain
  of TEXT NOT NULL, -- plain
  name TEXT NOT NULL, -- plain
  label TEXT NOT NULL, -- plain
  kind TEXT NOT NULL, -- plain
  standard INTEGER NOT NULL, -- plain
  harmless INTEGER NOT NULL, -- plain
  created_at INTEGER NOT NULL, -- plain
  UNIQUE (of, name)
);

CREATE TABLE lists (
  id BLOB NOT NULL PRIMARY KEY, -- plain
  name TEXT NOT NULL UNIQUE, -- plain
  created_at INTEGER NOT NULL -- plain
);

CREATE TABLE list_members (
  list_id BLOB NOT NULL REFERENCES lists (id) ON DELETE CASCADE, -- plain
  person_id BLOB NOT NULL, -- personal
  added_by BLOB, -- plain
  added_at INTEGER NOT NULL, -- plain
  PRIMARY KEY (list_id, person_id)
) WITHOUT ROWID;
CREATE INDEX list_members_by_person ON list_members (person_id);

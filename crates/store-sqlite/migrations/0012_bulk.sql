-- People sorted by their company's name are found by walking the companies by name and the people of each, so that
-- neither imports nor renaming a company write that name to every one of its people.
DROP INDEX people_by_company_name;
ALTER TABLE people DROP COLUMN company_sort;
DROP INDEX people_by_company;
CREATE INDEX people_by_company ON people (company_id, id) WHERE company_id IS NOT NULL;
DROP INDEX companies_by_name;
CREATE UNIQUE INDEX companies_by_name ON companies (name_folded, id);

-- Origins that many people have, as those of imports: people.base_origin is empty where shared_origin is set.
CREATE TABLE shared_origins (
  pk INTEGER PRIMARY KEY, -- plain
  origin TEXT NOT NULL UNIQUE -- plain
);
ALTER TABLE people ADD COLUMN shared_origin INTEGER; -- plain

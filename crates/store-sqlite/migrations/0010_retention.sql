-- What is deleted by age is found by age.
CREATE INDEX page_views_by_time ON page_views (at);
CREATE INDEX people_anonymous ON people (created_at) WHERE email IS NULL;

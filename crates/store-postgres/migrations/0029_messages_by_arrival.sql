-- Postgres keeps rows in order of arrival by itself; the numbers of both stores stay together.
SELECT 1;

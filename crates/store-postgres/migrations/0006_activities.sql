-- Once the person is erased, person_id, visitor_id and conversation_id are null and attributes empty; only what counts
-- for a dialogue is kept at all. One partition for each month, made ahead by `prepare_activity_months`; what falls into
-- none of them goes to the default one.
CREATE SEQUENCE activities_position;

CREATE TABLE activities (
  position bigint NOT NULL DEFAULT nextval('activities_position'), -- plain
  id uuid NOT NULL, -- plain
  kind text NOT NULL, -- plain
  person_id uuid, -- personal
  visitor_id uuid, -- personal
  site_id uuid, -- plain
  dialogue_id uuid, -- plain
  conversation_id uuid, -- personal
  at timestamptz NOT NULL, -- plain
  attributes jsonb NOT NULL, -- personal
  PRIMARY KEY (position, at)
) PARTITION BY RANGE (at);
ALTER SEQUENCE activities_position OWNED BY activities.position;
CREATE INDEX activities_by_person ON activities (person_id, at, id);
CREATE INDEX activities_by_kind ON activities (kind, at, id);
CREATE INDEX activities_by_dialogue ON activities (dialogue_id, kind, at) WHERE dialogue_id IS NOT NULL;
CREATE INDEX activities_by_time ON activities (at, kind);

CREATE TABLE activities_default PARTITION OF activities DEFAULT;

-- Makes the partitions of this month and the next ones. A month of which the default partition holds something already
-- stays there.
CREATE FUNCTION prepare_activity_months(ahead integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  first timestamptz;
  last timestamptz;
  name text;
BEGIN
  FOR n IN 0..ahead LOOP
    first := (date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => n)) AT TIME ZONE 'UTC';
    last := (date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => n + 1)) AT TIME ZONE 'UTC';
    name := 'activities_' || to_char(first AT TIME ZONE 'UTC', 'YYYY_MM');
    IF to_regclass(quote_ident(name)) IS NULL
       AND NOT EXISTS (SELECT FROM activities_default WHERE at >= first AND at < last) THEN
      EXECUTE format('CREATE TABLE %I PARTITION OF activities FOR VALUES FROM (%L) TO (%L)', name, first, last);
    END IF;
  END LOOP;
END $$;

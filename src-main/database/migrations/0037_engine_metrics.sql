-- How the queues' engine did, minute by minute; one row for each engine that a console was connected to.

CREATE TABLE engine_metrics (
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  -- Its kind and address without secrets: "redis 10.0.0.5:6379".
  engine TEXT NOT NULL,
  minute TIMESTAMPTZ NOT NULL,
  -- Round trips within the minute.
  latency_ms DOUBLE PRECISION,
  longest_ms DOUBLE PRECISION,
  memory_bytes BIGINT,
  storage_bytes BIGINT,
  clients INTEGER,
  PRIMARY KEY (organization_id, engine, minute)
);

CREATE INDEX engine_metrics_minute_idx ON engine_metrics (minute);

-- As in 0010: what an anon key of Supabase opens, this is not for.
DO $$
DECLARE
  api_role TEXT;
BEGIN
  FOR api_role IN SELECT rolname FROM pg_roles WHERE rolname IN ('anon', 'authenticated') LOOP
    EXECUTE format('REVOKE ALL ON engine_metrics FROM %I', api_role);
  END LOOP;
END
$$;

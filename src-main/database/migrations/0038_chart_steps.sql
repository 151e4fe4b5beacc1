-- The queues' minutes say more, and are also kept in longer steps, so that 90 days are read as fast as an hour.

ALTER TABLE queue_metrics
  -- How long the oldest waiting job had waited at the minute's end.
  ADD COLUMN oldest_ms BIGINT,
  -- Seconds of it in which somebody listened.
  ADD COLUMN watched_seconds INTEGER NOT NULL DEFAULT 60;

-- What the minutes add up to: always computed from them, never counted beside them.
CREATE TABLE queue_metrics_steps (
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  step_seconds INTEGER NOT NULL,
  queue_name TEXT NOT NULL,
  -- As in queue_metrics: empty for the whole queue.
  job_name TEXT NOT NULL,
  begins TIMESTAMPTZ NOT NULL,
  completed BIGINT NOT NULL,
  failed BIGINT NOT NULL,
  wait_histogram INTEGER[] NOT NULL,
  run_histogram INTEGER[] NOT NULL,
  -- The last readings.
  backlog INTEGER,
  active INTEGER,
  delayed INTEGER,
  -- The highest reading.
  oldest_ms BIGINT,
  watched_seconds INTEGER NOT NULL,
  PRIMARY KEY (organization_id, step_seconds, queue_name, job_name, begins)
);

CREATE INDEX queue_metrics_steps_begins_idx ON queue_metrics_steps (step_seconds, begins);

CREATE FUNCTION adsapp_add_histograms(a INTEGER[], b INTEGER[]) RETURNS INTEGER[] LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(array_agg(coalesce(x, 0) + coalesce(y, 0) ORDER BY bucket), '{}')
    FROM unnest(a, b) WITH ORDINALITY AS buckets (x, y, bucket)
$$;

CREATE AGGREGATE adsapp_sum_histograms(INTEGER[]) (
  SFUNC = adsapp_add_histograms,
  STYPE = INTEGER[],
  INITCOND = '{}'
);

-- As in 0010: what an anon key of Supabase opens, this is not for.
DO $$
DECLARE
  api_role TEXT;
BEGIN
  FOR api_role IN SELECT rolname FROM pg_roles WHERE rolname IN ('anon', 'authenticated') LOOP
    EXECUTE format('REVOKE ALL ON queue_metrics_steps FROM %I', api_role);
  END LOOP;
END
$$;

-- The implementation guide's job_logs and job_schedules with its exact columns, and what the console adds.

CREATE TABLE IF NOT EXISTS job_logs (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  job_id TEXT NOT NULL,
  job_type TEXT NOT NULL,
  organization_id UUID REFERENCES organizations (id) ON DELETE CASCADE,
  user_id UUID REFERENCES profiles (id) ON DELETE SET NULL,
  status TEXT NOT NULL,
  result JSONB,
  error_details JSONB,
  started_at TIMESTAMPTZ,
  completed_at TIMESTAMPTZ,
  created_at TIMESTAMPTZ DEFAULT now()
);

ALTER TABLE job_logs ALTER COLUMN id SET DEFAULT gen_random_uuid();
ALTER TABLE job_logs ADD COLUMN IF NOT EXISTS queue_name TEXT;
ALTER TABLE job_logs ADD COLUMN IF NOT EXISTS job_name TEXT;
ALTER TABLE job_logs ADD COLUMN IF NOT EXISTS priority INTEGER;
ALTER TABLE job_logs ADD COLUMN IF NOT EXISTS attempts_made INTEGER NOT NULL DEFAULT 0;
ALTER TABLE job_logs ADD COLUMN IF NOT EXISTS attempts_allowed INTEGER;
ALTER TABLE job_logs ADD COLUMN IF NOT EXISTS worker TEXT;
-- What happened to the job, oldest first: [{"at": …, "event": "queued" | "started" | "retried" | …, …}].
ALTER TABLE job_logs ADD COLUMN IF NOT EXISTS history JSONB NOT NULL DEFAULT '[]';
ALTER TABLE job_logs ADD COLUMN IF NOT EXISTS duration_ms BIGINT GENERATED ALWAYS AS
  ((EXTRACT(EPOCH FROM (completed_at - started_at)) * 1000)::BIGINT) STORED;

-- One row is one job; rows written by others without a queue name are left alone.
CREATE UNIQUE INDEX job_logs_queue_job_key ON job_logs (queue_name, job_id);
CREATE INDEX job_logs_organization_created_idx ON job_logs (organization_id, created_at DESC, id DESC);
CREATE INDEX job_logs_organization_status_idx ON job_logs (organization_id, status, created_at DESC);
CREATE INDEX job_logs_created_idx ON job_logs (created_at);
CREATE INDEX job_logs_user_idx ON job_logs (user_id);

CREATE TABLE IF NOT EXISTS job_schedules (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  organization_id UUID REFERENCES organizations (id) ON DELETE CASCADE,
  user_id UUID REFERENCES profiles (id) ON DELETE SET NULL,
  job_type TEXT NOT NULL,
  job_name TEXT NOT NULL,
  job_data JSONB NOT NULL,
  schedule_type TEXT NOT NULL,
  schedule_config JSONB NOT NULL,
  next_run_at TIMESTAMPTZ,
  last_run_at TIMESTAMPTZ,
  is_active BOOLEAN DEFAULT TRUE,
  created_at TIMESTAMPTZ DEFAULT now()
);

ALTER TABLE job_schedules ALTER COLUMN id SET DEFAULT gen_random_uuid();
ALTER TABLE job_schedules ADD COLUMN IF NOT EXISTS queue_name TEXT;
ALTER TABLE job_schedules ADD COLUMN IF NOT EXISTS run_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE job_schedules ADD COLUMN IF NOT EXISTS last_error JSONB;
ALTER TABLE job_schedules ADD COLUMN IF NOT EXISTS updated_at TIMESTAMPTZ NOT NULL DEFAULT now();

CREATE INDEX job_schedules_organization_idx ON job_schedules (organization_id, created_at DESC);
CREATE INDEX job_schedules_due_idx ON job_schedules (next_run_at) WHERE is_active;
CREATE INDEX job_schedules_user_idx ON job_schedules (user_id);
CREATE TRIGGER job_schedules_touch BEFORE UPDATE ON job_schedules
  FOR EACH ROW EXECUTE FUNCTION adsapp_touch_updated_at();

-- Jobs of one organization, created in the last `days` days, one row per job type.
-- A job counts as completed when it did its work (partial_success included), as failed when it did not
-- (partial_failure included); success_rate is completed of finished, in percent, null where none finished.
CREATE FUNCTION get_organization_job_stats(org UUID, days INTEGER)
RETURNS TABLE (
  job_type TEXT,
  total BIGINT,
  completed BIGINT,
  failed BIGINT,
  partial BIGINT,
  cancelled BIGINT,
  running BIGINT,
  queued BIGINT,
  avg_duration_ms DOUBLE PRECISION,
  p95_duration_ms DOUBLE PRECISION,
  success_rate DOUBLE PRECISION,
  last_run_at TIMESTAMPTZ
) LANGUAGE sql STABLE AS $$
  SELECT
    log.job_type,
    count(*),
    count(*) FILTER (WHERE log.status IN ('completed', 'success', 'partial_success')),
    count(*) FILTER (WHERE log.status IN ('failed', 'partial_failure')),
    count(*) FILTER (WHERE log.status IN ('partial_success', 'partial_failure')),
    count(*) FILTER (WHERE log.status = 'cancelled'),
    count(*) FILTER (WHERE log.status IN ('running', 'active')),
    count(*) FILTER (WHERE log.status IN ('queued', 'delayed', 'waiting')),
    avg(log.duration_ms)::DOUBLE PRECISION,
    percentile_cont(0.95) WITHIN GROUP (ORDER BY log.duration_ms),
    100.0 * count(*) FILTER (WHERE log.status IN ('completed', 'success', 'partial_success'))::DOUBLE PRECISION
      / nullif(count(*) FILTER (WHERE log.status IN
          ('completed', 'success', 'partial_success', 'failed', 'partial_failure')), 0),
    max(coalesce(log.started_at, log.created_at))
  FROM job_logs AS log
  WHERE log.organization_id = org
    AND log.created_at >= now() - make_interval(days => days)
  GROUP BY log.job_type
  ORDER BY log.job_type
$$;

-- Deletes the logs of jobs that ended more than `days` days ago and returns how many went.
-- Jobs that still wait or run keep their row, however old.
CREATE FUNCTION cleanup_old_job_logs(days INTEGER) RETURNS INTEGER LANGUAGE plpgsql AS $$
DECLARE
  removed INTEGER;
BEGIN
  IF days IS NULL OR days < 0 THEN
    RAISE EXCEPTION 'cleanup_old_job_logs: days must be 0 or more' USING ERRCODE = '22023';
  END IF;
  DELETE FROM job_logs AS log
   WHERE coalesce(log.completed_at, log.created_at) < now() - make_interval(days => days)
     AND log.status NOT IN ('queued', 'delayed', 'waiting', 'running', 'active');
  GET DIAGNOSTICS removed = ROW_COUNT;
  RETURN removed;
END
$$;

-- Figures of job_logs by day (UTC), so that a year of a million jobs is added up in milliseconds. A day is added up
-- when it is over and again when something of it changes; today is always read from job_logs.
CREATE TABLE job_log_days (
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  day DATE NOT NULL,
  jobs INTEGER NOT NULL,
  -- rows: by type (t) and user (u); times: jobs by type and duration bucket (b); causes; slow: the slowest.
  summary JSONB NOT NULL,
  computed_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  -- Jobs of it were cleaned up: what stands here is all that is left, and is not added up again.
  cleaned BOOLEAN NOT NULL DEFAULT FALSE,
  PRIMARY KEY (organization_id, day)
);

-- Days whose jobs have changed since they were added up.
CREATE TABLE job_log_days_changed (
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  day DATE NOT NULL,
  PRIMARY KEY (organization_id, day)
);

-- The history by type and by user, newest first; what clean-up and statistics read goes through created_at.
CREATE INDEX job_logs_type_idx ON job_logs (organization_id, job_type, created_at DESC, id DESC);
DROP INDEX job_logs_user_idx;
CREATE INDEX job_logs_user_idx ON job_logs (user_id, created_at DESC, id DESC);

INSERT INTO job_log_days_changed (organization_id, day)
SELECT DISTINCT organization_id, (created_at AT TIME ZONE 'UTC')::DATE FROM job_logs
 WHERE organization_id IS NOT NULL AND created_at IS NOT NULL;

-- Marks the days of what was written. The shared lock makes who adds up a day wait for who still changes it: a
-- change is either seen by them, or leaves a mark that they have not taken away.
CREATE FUNCTION adsapp_job_logs_changed() RETURNS TRIGGER LANGUAGE plpgsql AS $$
DECLARE
  written RECORD;
BEGIN
  FOR written IN
    SELECT DISTINCT organization_id, (created_at AT TIME ZONE 'UTC')::DATE AS day FROM changed
     WHERE organization_id IS NOT NULL AND created_at IS NOT NULL ORDER BY 1, 2
  LOOP
    LOOP
      INSERT INTO job_log_days_changed (organization_id, day) VALUES (written.organization_id, written.day)
      ON CONFLICT DO NOTHING;
      PERFORM 1 FROM job_log_days_changed
        WHERE organization_id = written.organization_id AND day = written.day FOR KEY SHARE;
      EXIT WHEN FOUND;
    END LOOP;
  END LOOP;
  RETURN NULL;
END
$$;
CREATE TRIGGER job_logs_added AFTER INSERT ON job_logs
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION adsapp_job_logs_changed();
CREATE TRIGGER job_logs_moved AFTER UPDATE ON job_logs
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION adsapp_job_logs_changed();

-- What is added up of the jobs created from `since` to before `until`. Durations fall into eight buckets to each
-- doubling of milliseconds: a percentile read from them is at most 5 % off.
CREATE FUNCTION adsapp_job_log_summary(org UUID, since TIMESTAMPTZ, until TIMESTAMPTZ)
RETURNS JSONB LANGUAGE sql STABLE AS $$
  WITH log AS MATERIALIZED (
    SELECT id, job_type, user_id, duration_ms, coalesce(started_at, created_at) AS at,
           status IN ('completed', 'success', 'partial_success') AS is_completed,
           status IN ('failed', 'partial_failure') AS is_failed,
           status IN ('partial_success', 'partial_failure') AS is_partial,
           status = 'cancelled' AS is_cancelled,
           status IN ('running', 'active') AS is_running,
           status IN ('queued', 'delayed', 'waiting') AS is_queued,
           CASE WHEN status IN ('failed', 'partial_failure') THEN left(coalesce(
             error_details ->> 'code', error_details ->> 'message', error_details -> 0 ->> 'code',
             error_details -> 0 ->> 'message', 'unknown'), 120) END AS cause
      FROM job_logs
     WHERE organization_id = org AND created_at >= since AND created_at < until
  )
  SELECT jsonb_build_object(
    'rows', (SELECT jsonb_agg(part) FROM (
      SELECT job_type AS t, user_id AS u, count(*) AS n,
             count(*) FILTER (WHERE is_completed) AS completed, count(*) FILTER (WHERE is_failed) AS failed,
             count(*) FILTER (WHERE is_partial) AS partial, count(*) FILTER (WHERE is_cancelled) AS cancelled,
             count(*) FILTER (WHERE is_running) AS running, count(*) FILTER (WHERE is_queued) AS queued,
             count(duration_ms) AS timed, coalesce(sum(duration_ms), 0) AS ms, max(at) AS last
        FROM log GROUP BY job_type, user_id) AS part),
    -- As text of two arrays: a year of them is read four times faster than as JSON.
    'times', (SELECT jsonb_agg(part) FROM (
      SELECT t, array_agg(b ORDER BY b)::TEXT AS b, array_agg(n ORDER BY b)::TEXT AS n FROM (
        SELECT job_type AS t, floor(ln(greatest(duration_ms, 1)) / ln(2) * 8)::INTEGER AS b, count(*) AS n
          FROM log WHERE duration_ms IS NOT NULL GROUP BY 1, 2) AS bucket
       GROUP BY t) AS part),
    'causes', (SELECT jsonb_agg(part) FROM (
      SELECT job_type AS t, cause AS c, count(*) AS n
        FROM log WHERE cause IS NOT NULL GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT 50) AS part),
    'slow', (SELECT jsonb_agg(part) FROM (
      SELECT id, job_type AS t, duration_ms AS ms
        FROM log WHERE duration_ms IS NOT NULL ORDER BY duration_ms DESC, id LIMIT 20) AS part))
$$;

-- The days from `since` to before `until`, each as it is kept where that still holds, else read from job_logs. A
-- busy day is not read twice within ten seconds.
CREATE FUNCTION adsapp_job_log_days(org UUID, since TIMESTAMPTZ, until TIMESTAMPTZ)
RETURNS TABLE (day DATE, summary JSONB) LANGUAGE sql STABLE AS $$
  WITH span AS (
    SELECT listed::DATE AS day, listed::TIMESTAMP AT TIME ZONE 'UTC' AS begins,
           (listed + INTERVAL '1 day')::TIMESTAMP AT TIME ZONE 'UTC' AS ends
      FROM generate_series(
        date_trunc('day', since AT TIME ZONE 'UTC'),
        date_trunc('day', (until - INTERVAL '1 microsecond') AT TIME ZONE 'UTC'), INTERVAL '1 day') AS listed
  )
  SELECT span.day,
         CASE WHEN span.begins < since OR span.ends > until
                THEN adsapp_job_log_summary(org, greatest(since, span.begins), least(until, span.ends))
              WHEN kept.cleaned OR (span.ends <= now() AND changed.day IS NULL)
                OR (kept.jobs >= 20000 AND kept.computed_at > now() - INTERVAL '10 seconds')
                THEN kept.summary
              ELSE adsapp_job_log_summary(org, span.begins, span.ends) END
    FROM span
    LEFT JOIN job_log_days AS kept ON kept.organization_id = org AND kept.day = span.day
    LEFT JOIN job_log_days_changed AS changed ON changed.organization_id = org AND changed.day = span.day
$$;

-- Adds up again at most `most` days that have changed, the latest first; returns how many. Today is added up for
-- the seconds that a busy day is kept, and stays marked.
CREATE FUNCTION refresh_job_log_days(org UUID, most INTEGER) RETURNS INTEGER LANGUAGE plpgsql AS $$
DECLARE
  today DATE := (now() AT TIME ZONE 'UTC')::DATE;
  due RECORD;
  done INTEGER := 0;
BEGIN
  FOR due IN
    SELECT changed.day FROM job_log_days_changed AS changed
      LEFT JOIN job_log_days AS kept USING (organization_id, day)
     WHERE changed.organization_id = org
       AND (changed.day < today OR kept.day IS NULL OR kept.computed_at < now() -
            CASE WHEN kept.jobs >= 20000 THEN INTERVAL '10 seconds' ELSE INTERVAL '1 minute' END)
     ORDER BY changed.day DESC LIMIT most
  LOOP
    IF due.day < today THEN
      DELETE FROM job_log_days_changed WHERE organization_id = org AND day = due.day;
    END IF;
    INSERT INTO job_log_days AS kept (organization_id, day, jobs, summary, computed_at)
    SELECT org, due.day,
           (SELECT coalesce(sum((part ->> 'n')::INTEGER), 0) FROM jsonb_array_elements(
              CASE jsonb_typeof(made.summary -> 'rows') WHEN 'array' THEN made.summary -> 'rows' ELSE '[]' END) AS part),
           made.summary, clock_timestamp()
      FROM adsapp_job_log_summary(org, due.day::TIMESTAMP AT TIME ZONE 'UTC',
             (due.day + 1)::TIMESTAMP AT TIME ZONE 'UTC') AS made (summary)
    ON CONFLICT (organization_id, day) DO UPDATE
       SET jobs = excluded.jobs, summary = excluded.summary, computed_at = excluded.computed_at
     WHERE NOT kept.cleaned;
    done := done + 1;
  END LOOP;
  RETURN done;
END
$$;

-- The duration in ms below which a share of jobs stays; `times` are [{b, n}]. Null without jobs.
CREATE FUNCTION adsapp_duration_percentile(times JSONB, share DOUBLE PRECISION)
RETURNS DOUBLE PRECISION LANGUAGE sql IMMUTABLE AS $$
  WITH bucket AS (
    SELECT b, sum(n) AS n, sum(sum(n)) OVER (ORDER BY b) AS upto, sum(sum(n)) OVER () AS total
      FROM jsonb_to_recordset(coalesce(times, '[]')) AS part (b INTEGER, n BIGINT) GROUP BY b
  )
  -- Within a bucket jobs are taken to be spread evenly.
  SELECT power(2, (b + (share * total - (upto - n)) / n) / 8)::DOUBLE PRECISION
    FROM bucket WHERE upto >= share * total ORDER BY b LIMIT 1
$$;

-- The guide's statistics: as before, but added up from the days. p95_duration_ms is at most 5 % off.
CREATE OR REPLACE FUNCTION get_organization_job_stats(org UUID, days INTEGER)
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
  WITH day AS MATERIALIZED (
    SELECT summary FROM adsapp_job_log_days(org, now() - make_interval(days => days),
      (date_trunc('day', now() AT TIME ZONE 'UTC') + INTERVAL '1 day') AT TIME ZONE 'UTC')
  ),
  counted AS (
    SELECT part.t, sum(n)::BIGINT AS total, sum(part.completed)::BIGINT AS completed,
           sum(part.failed)::BIGINT AS failed, sum(part.partial)::BIGINT AS partial,
           sum(part.cancelled)::BIGINT AS cancelled, sum(part.running)::BIGINT AS running,
           sum(part.queued)::BIGINT AS queued, sum(timed) AS timed, sum(ms) AS ms, max(last) AS last
      FROM day, jsonb_to_recordset(CASE jsonb_typeof(summary -> 'rows') WHEN 'array' THEN summary -> 'rows' END)
        AS part (t TEXT, n BIGINT, completed BIGINT, failed BIGINT, partial BIGINT, cancelled BIGINT,
                 running BIGINT, queued BIGINT, timed BIGINT, ms NUMERIC, last TIMESTAMPTZ)
     GROUP BY part.t
  ),
  timed AS (
    SELECT t, jsonb_agg(jsonb_build_object('b', b, 'n', n)) AS times FROM (
      SELECT part.t, one.b, sum(one.n) AS n
        FROM day, jsonb_to_recordset(CASE jsonb_typeof(summary -> 'times') WHEN 'array' THEN summary -> 'times' END)
          AS part (t TEXT, b TEXT, n TEXT), unnest(part.b::INTEGER[], part.n::BIGINT[]) AS one (b, n)
       GROUP BY part.t, one.b) AS bucket
     GROUP BY t
  )
  SELECT counted.t, counted.total, counted.completed, counted.failed, counted.partial, counted.cancelled,
         counted.running, counted.queued,
         (counted.ms / nullif(counted.timed, 0))::DOUBLE PRECISION,
         adsapp_duration_percentile(timed.times, 0.95),
         100.0 * counted.completed::DOUBLE PRECISION / nullif(counted.completed + counted.failed, 0),
         counted.last
    FROM counted LEFT JOIN timed USING (t)
   ORDER BY counted.t
$$;

-- Deletes at most `most` logs (all of them without it) of jobs that ended more than `days` days ago, of one
-- organization or of all, and returns how many went. Jobs that still wait or run keep their row, however old. The
-- figures of the days stay.
CREATE FUNCTION cleanup_old_job_logs(days INTEGER, org UUID, most INTEGER) RETURNS INTEGER LANGUAGE plpgsql AS $$
DECLARE
  removed INTEGER;
  cutoff TIMESTAMPTZ := now() - make_interval(days => days);
  affected RECORD;
BEGIN
  IF days IS NULL OR days < 0 THEN
    RAISE EXCEPTION 'cleanup_old_job_logs: days must be 0 or more' USING ERRCODE = '22023';
  END IF;
  -- What is to go is added up first.
  FOR affected IN
    SELECT organization_id FROM job_log_days_changed
     WHERE (org IS NULL OR organization_id = org) AND day <= (cutoff AT TIME ZONE 'UTC')::DATE
     GROUP BY organization_id
  LOOP
    WHILE EXISTS (SELECT 1 FROM job_log_days_changed
                   WHERE organization_id = affected.organization_id
                     AND day <= (cutoff AT TIME ZONE 'UTC')::DATE AND day < (now() AT TIME ZONE 'UTC')::DATE)
    LOOP
      PERFORM refresh_job_log_days(affected.organization_id, 1000);
    END LOOP;
  END LOOP;
  WITH gone AS (
    DELETE FROM job_logs WHERE id IN (
      SELECT id FROM job_logs
       WHERE created_at < cutoff AND coalesce(completed_at, created_at) < cutoff
         AND status NOT IN ('queued', 'delayed', 'waiting', 'running', 'active')
         AND (org IS NULL OR organization_id = org)
       ORDER BY created_at LIMIT most FOR UPDATE SKIP LOCKED)
    RETURNING organization_id, created_at
  ),
  marked AS (
    UPDATE job_log_days AS kept SET cleaned = TRUE
      FROM (SELECT DISTINCT organization_id, (created_at AT TIME ZONE 'UTC')::DATE AS day FROM gone) AS was
     WHERE kept.organization_id = was.organization_id AND kept.day = was.day AND NOT kept.cleaned
       AND kept.day < (now() AT TIME ZONE 'UTC')::DATE
  )
  SELECT count(*) INTO removed FROM gone;
  RETURN removed;
END
$$;

CREATE OR REPLACE FUNCTION cleanup_old_job_logs(days INTEGER) RETURNS INTEGER LANGUAGE sql AS $$
  SELECT cleanup_old_job_logs(days, NULL, NULL)
$$;

-- As in 0010: what an anon key of Supabase opens, this is not for.
DO $$
DECLARE
  api_role TEXT;
BEGIN
  FOR api_role IN SELECT rolname FROM pg_roles WHERE rolname IN ('anon', 'authenticated') LOOP
    EXECUTE format('REVOKE ALL ON job_log_days, job_log_days_changed FROM %I', api_role);
  END LOOP;
END
$$;

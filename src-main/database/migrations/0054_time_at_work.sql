-- A job that a limit, a pause, a shutdown or a retry divides into several runs: ms that workers spent on it in all of
-- them. Written while it runs, so that a run whose worker dies counts but for its last seconds. Null: no run has said.
ALTER TABLE job_logs ADD COLUMN worked_ms BIGINT;

-- duration_ms of a job that has ended is that time, without the times in which it waited between its runs. Rows of
-- others, who know nothing of it, keep the time from their start to their end.
ALTER TABLE job_logs ALTER COLUMN duration_ms DROP EXPRESSION;
CREATE FUNCTION adsapp_job_log_duration() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  NEW.duration_ms := CASE WHEN NEW.completed_at IS NOT NULL THEN coalesce(NEW.worked_ms,
    (EXTRACT(EPOCH FROM (NEW.completed_at - NEW.started_at)) * 1000)::BIGINT) END;
  RETURN NEW;
END
$$;
CREATE TRIGGER job_logs_duration BEFORE INSERT OR UPDATE OF started_at, completed_at, worked_ms ON job_logs
  FOR EACH ROW EXECUTE FUNCTION adsapp_job_log_duration();

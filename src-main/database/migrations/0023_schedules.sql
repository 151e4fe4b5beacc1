-- Schedules of the console in the guide's job_schedules, and the history of their runs.

-- Rows without a name are another program's and are left alone.
ALTER TABLE job_schedules ADD COLUMN name TEXT;
-- A run that would begin later than this does not begin by itself: it asks.
ALTER TABLE job_schedules ADD COLUMN grace_minutes INTEGER NOT NULL DEFAULT 10 CHECK (grace_minutes > 0);
-- Removed by an operator, who may still take that back; the history stays.
ALTER TABLE job_schedules ADD COLUMN removed_at TIMESTAMPTZ;

CREATE TABLE schedule_runs (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  schedule_id UUID NOT NULL REFERENCES job_schedules (id) ON DELETE CASCADE,
  due_at TIMESTAMPTZ NOT NULL,
  cause TEXT NOT NULL CHECK (cause IN ('schedule', 'operator')),
  -- due -> running -> succeeded / failed; a late one is overdue until somebody says run (due) or skip (skipped).
  state TEXT NOT NULL CHECK (state IN ('due', 'overdue', 'running', 'succeeded', 'failed', 'skipped')),
  -- Earlier times that passed while nothing was running, and that this run stands for.
  missed INTEGER NOT NULL DEFAULT 0,
  -- What is done, in order, as it was when the run fell due, and what came of each: job, campaign, outcome.
  steps JSONB NOT NULL,
  problem TEXT,
  begun_at TIMESTAMPTZ,
  ended_at TIMESTAMPTZ,
  decided_at TIMESTAMPTZ,
  decided_by UUID REFERENCES profiles (id) ON DELETE SET NULL,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  -- Whoever sees a schedule fall due, and however often: one run.
  UNIQUE (schedule_id, due_at)
);

CREATE INDEX schedule_runs_organization_idx ON schedule_runs (organization_id);
CREATE INDEX schedule_runs_open_idx ON schedule_runs (state) WHERE state IN ('due', 'overdue', 'running');
CREATE INDEX schedule_runs_decided_by_idx ON schedule_runs (decided_by);

-- As in 0010: what an anon key of Supabase opens, this is not for.
DO $$
DECLARE
  api_role TEXT;
BEGIN
  FOR api_role IN SELECT rolname FROM pg_roles WHERE rolname IN ('anon', 'authenticated') LOOP
    EXECUTE format('REVOKE ALL ON schedule_runs FROM %I', api_role);
  END LOOP;
END
$$;

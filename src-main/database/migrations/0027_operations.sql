-- Operations on all jobs that match a filter: durable, so that they are gone on with after a restart.

CREATE TABLE job_operations (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  -- What is done, and to which jobs: as asked for, and with the moment it was asked at.
  action JSONB NOT NULL,
  filter JSONB NOT NULL,
  reason TEXT NOT NULL,
  -- Jobs a second; null is as fast as the engine bears it.
  rate DOUBLE PRECISION CHECK (rate > 0),
  state TEXT NOT NULL CHECK (state IN ('held', 'running', 'watching', 'completed', 'cancelled', 'stopped')),
  total BIGINT NOT NULL DEFAULT 0,
  -- What the engine counted in the same step as it was done; here for whoever looks.
  done BIGINT NOT NULL DEFAULT 0,
  -- The canary's jobs, chosen before anything happens to them, and what became of them.
  canary JSONB,
  -- The canary was looked at: go on with the rest.
  proceed BOOLEAN NOT NULL DEFAULT FALSE,
  cancel_requested BOOLEAN NOT NULL DEFAULT FALSE,
  problem TEXT,
  started_by UUID REFERENCES profiles (id) ON DELETE SET NULL,
  via TEXT NOT NULL CHECK (via IN ('desktop', 'browser', 'rest', 'system')),
  -- The console that is at it, and until when it has the word.
  claimed_by UUID,
  claimed_until TIMESTAMPTZ,
  hold_until TIMESTAMPTZ,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  started_at TIMESTAMPTZ,
  ended_at TIMESTAMPTZ
);

CREATE INDEX job_operations_organization_idx ON job_operations (organization_id, created_at DESC);
CREATE INDEX job_operations_open_idx ON job_operations (organization_id)
  WHERE state IN ('held', 'running', 'watching');
CREATE INDEX job_operations_started_by_idx ON job_operations (started_by);

-- Jobs that an operation left, and why.
CREATE TABLE job_operation_left (
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  operation_id UUID NOT NULL REFERENCES job_operations (id) ON DELETE CASCADE,
  queue TEXT NOT NULL,
  job_id TEXT NOT NULL,
  why TEXT NOT NULL,
  PRIMARY KEY (operation_id, queue, job_id)
);

CREATE INDEX job_operation_left_organization_idx ON job_operation_left (organization_id);

-- Removed jobs with everything that belongs to them, for a day.
CREATE TABLE removed_jobs (
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  operation_id UUID NOT NULL REFERENCES job_operations (id) ON DELETE CASCADE,
  queue TEXT NOT NULL,
  job_id TEXT NOT NULL,
  state TEXT NOT NULL,
  -- Which kind of engine can put it back, and in its words.
  engine TEXT NOT NULL,
  content TEXT NOT NULL,
  -- The job was taken out; before that it is only a copy.
  removed BOOLEAN NOT NULL DEFAULT FALSE,
  -- Null, or why it cannot come back: what was planned behind it was cancelled with it.
  final TEXT,
  restored_at TIMESTAMPTZ,
  kept_until TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (operation_id, queue, job_id)
);

CREATE INDEX removed_jobs_organization_idx ON removed_jobs (organization_id);
CREATE INDEX removed_jobs_kept_until_idx ON removed_jobs (kept_until);

-- As in 0010: what an anon key of Supabase opens, this is not for.
DO $$
DECLARE
  api_role TEXT;
BEGIN
  FOR api_role IN SELECT rolname FROM pg_roles WHERE rolname IN ('anon', 'authenticated') LOOP
    EXECUTE format('REVOKE ALL ON job_operations, job_operation_left, removed_jobs FROM %I', api_role);
  END LOOP;
END
$$;

-- Rendering a template for an audience of any size. The contacts are frozen at the start, in batches of one
-- job each; what was rendered is kept here and not with the jobs.

-- The version that a version brought back.
ALTER TABLE template_versions ADD COLUMN restored_from INTEGER;

CREATE TABLE template_runs (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  template_id UUID NOT NULL REFERENCES templates (id) ON DELETE CASCADE,
  version INTEGER NOT NULL,
  audience JSONB NOT NULL,
  contacts INTEGER NOT NULL DEFAULT 0,
  state TEXT NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'completed', 'cancelled', 'failed')),
  problem TEXT,
  created_by UUID REFERENCES profiles (id) ON DELETE SET NULL,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  finished_at TIMESTAMPTZ
);

CREATE INDEX template_runs_organization_idx ON template_runs (organization_id, created_at DESC, id DESC);
CREATE INDEX template_runs_template_idx ON template_runs (template_id, created_at DESC);
CREATE INDEX template_runs_open_idx ON template_runs (created_at) WHERE state = 'running';
CREATE INDEX template_runs_created_by_idx ON template_runs (created_by);

-- `done` moves in the same statement that writes the results, so that a batch that is taken up again after a
-- crash goes on where it stood and doubles nothing.
CREATE TABLE template_run_batches (
  run_id UUID NOT NULL REFERENCES template_runs (id) ON DELETE CASCADE,
  batch_no INTEGER NOT NULL,
  first_position INTEGER NOT NULL,
  contact_ids UUID[] NOT NULL,
  done INTEGER NOT NULL DEFAULT 0,
  -- Of those done, by problem: {"missing": 3, "too_long": 1, "no_address": 0, "gone": 2, "any": 6}.
  problems JSONB NOT NULL DEFAULT '{}',
  -- Contacts without a value, by variable.
  missing JSONB NOT NULL DEFAULT '{}',
  PRIMARY KEY (run_id, batch_no)
);

CREATE TABLE template_results (
  run_id UUID NOT NULL REFERENCES template_runs (id) ON DELETE CASCADE,
  -- The contact's place in the run.
  position INTEGER NOT NULL,
  -- No reference: what was rendered for a contact stays when the contact goes.
  contact_id UUID NOT NULL,
  recipient TEXT,
  name TEXT,
  subject TEXT,
  rendered TEXT,
  length INTEGER NOT NULL DEFAULT 0,
  missing TEXT[] NOT NULL DEFAULT '{}',
  problems TEXT[] NOT NULL DEFAULT '{}',
  PRIMARY KEY (run_id, position)
);

CREATE INDEX template_results_problem_idx ON template_results (run_id, position) WHERE problems <> '{}';

DO $$
DECLARE
  api_role TEXT;
BEGIN
  FOR api_role IN SELECT rolname FROM pg_roles WHERE rolname IN ('anon', 'authenticated') LOOP
    EXECUTE format('REVOKE ALL ON template_runs, template_run_batches, template_results FROM %I', api_role);
  END LOOP;
END
$$;

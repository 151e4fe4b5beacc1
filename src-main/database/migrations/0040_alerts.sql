-- Rules that say when something is wrong, and what became of it each time.

CREATE TABLE alert_rules (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  -- Which of the shipped rules it is; null for one that somebody made.
  preset TEXT,
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
  enabled BOOLEAN NOT NULL DEFAULT TRUE,
  condition JSONB NOT NULL,
  for_seconds INTEGER NOT NULL CHECK (for_seconds BETWEEN 0 AND 86400),
  severity TEXT NOT NULL CHECK (severity IN ('critical', 'warning', 'info')),
  notify BOOLEAN NOT NULL,
  -- A shipped rule that was removed must not come back with the next start.
  removed_at TIMESTAMPTZ,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  UNIQUE (organization_id, preset)
);

CREATE TABLE alert_incidents (
  id UUID PRIMARY KEY,
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  rule_id UUID NOT NULL REFERENCES alert_rules (id) ON DELETE CASCADE,
  -- As they were when it began.
  rule_name TEXT NOT NULL,
  kind TEXT NOT NULL,
  severity TEXT NOT NULL CHECK (severity IN ('critical', 'warning', 'info')),
  notify BOOLEAN NOT NULL,
  subject JSONB NOT NULL,
  subject_key TEXT NOT NULL,
  threshold DOUBLE PRECISION NOT NULL,
  value DOUBLE PRECISION,
  peak DOUBLE PRECISION NOT NULL,
  detail TEXT,
  began_at TIMESTAMPTZ NOT NULL,
  opened_at TIMESTAMPTZ NOT NULL,
  -- Which console saw the breach last, and when: while one sees it, no other may call it over.
  confirmed_at TIMESTAMPTZ NOT NULL,
  confirmed_by TEXT NOT NULL,
  -- When a desktop was told: one tells, and again after a snooze.
  told_at TIMESTAMPTZ,
  resolved_at TIMESTAMPTZ,
  resolution TEXT CHECK (resolution IN ('cleared', 'rule')),
  acknowledged_at TIMESTAMPTZ,
  acknowledged_by UUID REFERENCES profiles (id) ON DELETE SET NULL,
  snoozed_until TIMESTAMPTZ,
  notes JSONB NOT NULL DEFAULT '[]'
);

-- Of several consoles that see the same breach, one opens the incident.
CREATE UNIQUE INDEX alert_incidents_open_idx ON alert_incidents (organization_id, rule_id, subject_key)
  WHERE resolved_at IS NULL;
CREATE INDEX alert_incidents_history_idx ON alert_incidents (organization_id, opened_at DESC, id DESC);
CREATE INDEX alert_incidents_rule_idx ON alert_incidents (rule_id, subject_key, opened_at DESC);
CREATE INDEX alert_incidents_acknowledged_by_idx ON alert_incidents (acknowledged_by);

-- As in 0010: what an anon key of Supabase opens, this is not for.
DO $$
DECLARE
  api_role TEXT;
BEGIN
  FOR api_role IN SELECT rolname FROM pg_roles WHERE rolname IN ('anon', 'authenticated') LOOP
    EXECUTE format('REVOKE ALL ON alert_rules, alert_incidents FROM %I', api_role);
  END LOOP;
END
$$;

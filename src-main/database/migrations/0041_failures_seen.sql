-- Up to which failure of a queue somebody has looked: what failed later is counted on the icon.

CREATE TABLE failures_seen (
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  user_id UUID NOT NULL REFERENCES profiles (id) ON DELETE CASCADE,
  queue_name TEXT NOT NULL,
  -- By the clock of the worker that ended the newest failure looked at.
  seen_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (organization_id, user_id, queue_name)
);

CREATE INDEX failures_seen_user_idx ON failures_seen (user_id);

-- As in 0010: what an anon key of Supabase opens, this is not for.
DO $$
DECLARE
  api_role TEXT;
BEGIN
  FOR api_role IN SELECT rolname FROM pg_roles WHERE rolname IN ('anon', 'authenticated') LOOP
    EXECUTE format('REVOKE ALL ON failures_seen FROM %I', api_role);
  END LOOP;
END
$$;

-- People whom an organization's WhatsApp numbers may write to within 24 hours, as its consoles' settings say; null: no
-- limit. Worker hosts, which have no such setting, launch what is scheduled under it.
CREATE TABLE messaging_limits (
  organization_id UUID PRIMARY KEY REFERENCES organizations (id) ON DELETE CASCADE,
  people INTEGER CHECK (people > 0),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT now()
);

-- As in 0010: what an anon key of Supabase opens, this is not for.
DO $$
DECLARE
  api_role TEXT;
BEGIN
  FOR api_role IN SELECT rolname FROM pg_roles WHERE rolname IN ('anon', 'authenticated') LOOP
    EXECUTE format('REVOKE ALL ON messaging_limits FROM %I', api_role);
  END LOOP;
END
$$;

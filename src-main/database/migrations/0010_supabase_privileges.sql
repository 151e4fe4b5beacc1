-- Supabase publishes the schema `public` to anyone who holds the project's anon key. The console's own
-- tables are not for them: only the role that owns them, which the console connects as, may read them.
DO $$
DECLARE
  api_role TEXT;
BEGIN
  FOR api_role IN SELECT rolname FROM pg_roles WHERE rolname IN ('anon', 'authenticated') LOOP
    EXECUTE format(
      'REVOKE ALL ON imports, import_rows, saved_mappings, contacts, suppressions, templates, '
      'template_versions, senders, settings, campaigns, deliveries, delivery_events, email_batches, '
      'queue_metrics, worker_hosts, audit_log FROM %I', api_role);
  END LOOP;
END
$$;

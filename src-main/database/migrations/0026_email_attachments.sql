-- Files that go with e-mails: each content once for an organization, known by its hash. In parts, so that
-- neither the embedded database nor a connection has to hold 30 MB in one value. Campaigns name them by hash.

CREATE TABLE email_attachments (
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  sha256 TEXT NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  size_bytes INTEGER NOT NULL CHECK (size_bytes > 0),
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, sha256)
);

CREATE TABLE email_attachment_parts (
  organization_id UUID NOT NULL,
  sha256 TEXT NOT NULL,
  part_no INTEGER NOT NULL,
  content BYTEA NOT NULL,
  PRIMARY KEY (organization_id, sha256, part_no),
  FOREIGN KEY (organization_id, sha256)
    REFERENCES email_attachments (organization_id, sha256) ON DELETE CASCADE
);

DO $$
DECLARE
  api_role TEXT;
BEGIN
  FOR api_role IN SELECT rolname FROM pg_roles WHERE rolname IN ('anon', 'authenticated') LOOP
    EXECUTE format('REVOKE ALL ON email_attachments, email_attachment_parts FROM %I', api_role);
  END LOOP;
END
$$;

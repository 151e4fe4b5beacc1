-- What somebody corrects in the rows of a file before they are imported: the file stays as it is, and the
-- corrections are applied to it in this order whenever it is read.

CREATE TABLE import_corrections (
  import_id UUID NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  correction JSONB NOT NULL,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  PRIMARY KEY (import_id, position)
);

-- Rows that were left out before the start. They are not part of rows_read.
ALTER TABLE imports ADD COLUMN rows_excluded INTEGER NOT NULL DEFAULT 0;

DO $$
DECLARE
  api_role TEXT;
BEGIN
  FOR api_role IN SELECT rolname FROM pg_roles WHERE rolname IN ('anon', 'authenticated') LOOP
    EXECUTE format('REVOKE ALL ON import_corrections FROM %I', api_role);
  END LOOP;
END
$$;

-- Contact imports: the file's story, its staged rows, and the mappings that were used before.

CREATE TABLE imports (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  source TEXT NOT NULL DEFAULT 'file' CHECK (source IN ('file', 'api')),
  file_name TEXT NOT NULL,
  file_size BIGINT NOT NULL DEFAULT 0,
  file_sha256 TEXT,
  file_format TEXT,
  state TEXT NOT NULL DEFAULT 'draft'
    CHECK (state IN ('draft', 'staging', 'ready', 'running', 'paused', 'completed', 'cancelled', 'failed')),
  sheet TEXT,
  header_row INTEGER,
  mapping JSONB NOT NULL DEFAULT '[]',
  options JSONB NOT NULL DEFAULT '{}',
  -- Honest totals: at the end rows_inserted + rows_updated + rows_skipped + rows_rejected = rows_read.
  rows_read INTEGER NOT NULL DEFAULT 0,
  rows_inserted INTEGER NOT NULL DEFAULT 0,
  rows_updated INTEGER NOT NULL DEFAULT 0,
  rows_skipped INTEGER NOT NULL DEFAULT 0,
  rows_rejected INTEGER NOT NULL DEFAULT 0,
  -- The last staged row whose outcome is committed; a run that died goes on after it.
  checkpoint INTEGER NOT NULL DEFAULT 0,
  error JSONB,
  job_id TEXT,
  created_by UUID REFERENCES profiles (id) ON DELETE SET NULL,
  started_at TIMESTAMPTZ,
  finished_at TIMESTAMPTZ,
  undone_at TIMESTAMPTZ,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT now()
);

CREATE INDEX imports_organization_created_idx ON imports (organization_id, created_at DESC, id DESC);
CREATE INDEX imports_created_by_idx ON imports (created_by);
CREATE TRIGGER imports_touch BEFORE UPDATE ON imports
  FOR EACH ROW EXECUTE FUNCTION adsapp_touch_updated_at();

-- One row of the file. contact_id carries no foreign key: a row's story outlives the contact, and
-- 100,000 rows are staged at once.
CREATE TABLE import_rows (
  import_id UUID NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
  row_no INTEGER NOT NULL,
  organization_id UUID NOT NULL,
  state TEXT NOT NULL DEFAULT 'staged'
    CHECK (state IN ('staged', 'inserted', 'updated', 'skipped', 'rejected', 'excluded')),
  phone TEXT,
  name TEXT,
  email TEXT,
  tags TEXT[] NOT NULL DEFAULT '{}',
  custom_fields JSONB NOT NULL DEFAULT '{}',
  -- The row says that this person does not want messages.
  opt_out BOOLEAN NOT NULL DEFAULT FALSE,
  -- The original cells of a rejected row, as they were read, and why it was rejected.
  cells JSONB,
  reasons JSONB,
  contact_id UUID,
  -- The contact as it was before this row changed it: what undo restores.
  before_image JSONB,
  duplicate_of_row INTEGER,
  PRIMARY KEY (import_id, row_no)
);

CREATE INDEX import_rows_state_idx ON import_rows (import_id, state, row_no);
-- A contact's history: the rows that changed it.
CREATE INDEX import_rows_updated_idx ON import_rows (contact_id) WHERE state = 'updated';

CREATE TABLE saved_mappings (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  header_fingerprint TEXT NOT NULL,
  headers JSONB NOT NULL DEFAULT '[]',
  mapping JSONB NOT NULL,
  options JSONB NOT NULL DEFAULT '{}',
  use_count INTEGER NOT NULL DEFAULT 1,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  UNIQUE (organization_id, header_fingerprint)
);

CREATE TRIGGER saved_mappings_touch BEFORE UPDATE ON saved_mappings
  FOR EACH ROW EXECUTE FUNCTION adsapp_touch_updated_at();

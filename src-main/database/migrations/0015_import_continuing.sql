-- Going on with an import by its mended rejects, and saved mappings that are looked at and edited.

ALTER TABLE imports
  -- A file that was started to go on with another import: its rows are put into that one, and it disappears.
  ADD COLUMN continues_import_id UUID REFERENCES imports (id) ON DELETE CASCADE,
  -- How often mended rows were put into it, and when last.
  ADD COLUMN rounds INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN continued_at TIMESTAMPTZ;

CREATE INDEX imports_continues_idx ON imports (continues_import_id) WHERE continues_import_id IS NOT NULL;

-- When the row was put in, where that was later than the start of its import.
ALTER TABLE import_rows ADD COLUMN continued_at TIMESTAMPTZ;

-- Null: saved, but not used yet.
ALTER TABLE saved_mappings ADD COLUMN used_at TIMESTAMPTZ;
UPDATE saved_mappings SET used_at = updated_at;

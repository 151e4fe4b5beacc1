-- Rows are written while the rest of the file is still being staged: how far an import has written (checkpoint)
-- no longer says whether all of it is staged.
ALTER TABLE imports ADD COLUMN staged_at TIMESTAMPTZ;
UPDATE imports SET staged_at = coalesce(started_at, updated_at) WHERE checkpoint >= 0 AND started_at IS NOT NULL;
UPDATE imports SET checkpoint = 0 WHERE checkpoint < 0;

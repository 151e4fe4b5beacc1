-- Undoing an import: how far it has come, and the rows whose contact was left as it is because somebody
-- changed it since.

ALTER TABLE imports
  ADD COLUMN undo_started_at TIMESTAMPTZ,
  -- The last row that was undone or kept; an undo that died goes on after it.
  ADD COLUMN undo_checkpoint INTEGER NOT NULL DEFAULT 0,
  -- At the end undo_removed + undo_restored + undo_kept = rows_inserted + rows_updated.
  ADD COLUMN undo_removed INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN undo_restored INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN undo_kept INTEGER NOT NULL DEFAULT 0;

ALTER TABLE import_rows
  ADD COLUMN kept_because TEXT CHECK (kept_because IN ('changed', 'imported-again', 'gone'));

CREATE INDEX import_rows_kept_idx ON import_rows (import_id, row_no) WHERE kept_because IS NOT NULL;

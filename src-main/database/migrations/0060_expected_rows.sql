-- How many rows the file of an import is thought to have, while it is read: as its sheet says, or as the bytes read so
-- far suggest.
ALTER TABLE imports ADD COLUMN rows_expected INTEGER;

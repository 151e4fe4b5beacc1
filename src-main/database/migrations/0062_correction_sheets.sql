-- Corrections belong to the sheet that was looked at when they were made: row 5 of another sheet is another row.
ALTER TABLE import_corrections ADD COLUMN sheet TEXT NOT NULL DEFAULT '';
UPDATE import_corrections AS c SET sheet = coalesce(i.sheet, '') FROM imports AS i WHERE i.id = c.import_id;
ALTER TABLE import_corrections ALTER COLUMN sheet DROP DEFAULT;

-- Updating contacts by a rule for each field.

-- The row's tags are those given to the whole import; the file names none: nothing to replace the contact's by.
ALTER TABLE import_rows ADD COLUMN only_import_tags BOOLEAN NOT NULL DEFAULT FALSE;

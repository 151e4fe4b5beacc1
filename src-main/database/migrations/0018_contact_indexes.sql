-- Importing 100,000 contacts spent four tenths of the database's time on three indexes that no query reads. A
-- search looks for words within a name, too, which no index of its beginning answers, so that the whole condition
-- was always tested contact by contact, in the order of the list. "Made or changed by this import" is such a
-- condition as well.
DROP INDEX contacts_name_idx;
DROP INDEX contacts_email_idx;
DROP INDEX contacts_import_idx;

-- An import that has added no contact (every draft that is discarded) has none to leave behind: rows_inserted is
-- committed together with the contacts, and never falls.
CREATE OR REPLACE FUNCTION adsapp_import_removed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM import_rows WHERE import_id = OLD.id;
  IF OLD.rows_inserted > 0 THEN
    UPDATE contacts SET import_id = NULL WHERE import_id = OLD.id;
  END IF;
  RETURN NULL;
END
$$;

-- Imports write 100,000 rows at once. A foreign key looks up its target once for every row; here all rows of a
-- statement belong to one organization and one import, so triggers check each target once for a statement and
-- follow deletions as the foreign keys did.

ALTER TABLE contacts DROP CONSTRAINT contacts_organization_id_fkey;
ALTER TABLE contacts DROP CONSTRAINT contacts_import_id_fkey;
ALTER TABLE import_rows DROP CONSTRAINT import_rows_import_id_fkey;

-- Rows are marked by number; with the state in no index, the usual mark rewrites no index.
DROP INDEX import_rows_state_idx;
DROP INDEX import_rows_updated_idx;
CREATE INDEX import_rows_updated_idx ON import_rows (contact_id) WHERE before_image IS NOT NULL;
-- Room for the mark of each row on the page that it is on.
ALTER TABLE import_rows SET (fillfactor = 50);

CREATE FUNCTION adsapp_contacts_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- FOR KEY SHARE, as a foreign key does it: the target cannot be deleted before this transaction ends.
  PERFORM 1 FROM organizations WHERE id IN (SELECT DISTINCT organization_id FROM added) FOR KEY SHARE;
  IF EXISTS (SELECT 1 FROM (SELECT DISTINCT organization_id FROM added) AS a
              WHERE NOT EXISTS (SELECT 1 FROM organizations AS o WHERE o.id = a.organization_id)) THEN
    RAISE foreign_key_violation USING MESSAGE = 'A contact must belong to an organization.', TABLE = 'contacts';
  END IF;
  PERFORM 1 FROM imports WHERE id IN (SELECT DISTINCT import_id FROM added) FOR KEY SHARE;
  IF EXISTS (SELECT 1 FROM (SELECT DISTINCT import_id FROM added WHERE import_id IS NOT NULL) AS a
              WHERE NOT EXISTS (SELECT 1 FROM imports AS i WHERE i.id = a.import_id)) THEN
    RAISE foreign_key_violation USING MESSAGE = 'The import of a contact must exist.', TABLE = 'contacts';
  END IF;
  RETURN NULL;
END
$$;

CREATE TRIGGER contacts_added AFTER INSERT ON contacts
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION adsapp_contacts_added();

CREATE FUNCTION adsapp_contact_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM organizations WHERE id = NEW.organization_id FOR KEY SHARE;
  IF NOT FOUND THEN
    RAISE foreign_key_violation USING MESSAGE = 'A contact must belong to an organization.', TABLE = 'contacts';
  END IF;
  IF NEW.import_id IS NULL THEN
    RETURN NULL;
  END IF;
  PERFORM 1 FROM imports WHERE id = NEW.import_id FOR KEY SHARE;
  IF NOT FOUND THEN
    RAISE foreign_key_violation USING MESSAGE = 'The import of a contact must exist.', TABLE = 'contacts';
  END IF;
  RETURN NULL;
END
$$;

CREATE TRIGGER contacts_moved AFTER UPDATE ON contacts FOR EACH ROW
  WHEN (OLD.organization_id <> NEW.organization_id
        OR (NEW.import_id IS NOT NULL AND OLD.import_id IS DISTINCT FROM NEW.import_id))
  EXECUTE FUNCTION adsapp_contact_moved();

CREATE FUNCTION adsapp_organization_removed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM contacts WHERE organization_id = OLD.id;
  RETURN NULL;
END
$$;

CREATE TRIGGER adsapp_organizations_removed AFTER DELETE ON organizations
  FOR EACH ROW EXECUTE FUNCTION adsapp_organization_removed();

CREATE FUNCTION adsapp_import_removed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM import_rows WHERE import_id = OLD.id;
  UPDATE contacts SET import_id = NULL WHERE import_id = OLD.id;
  RETURN NULL;
END
$$;

CREATE TRIGGER imports_removed AFTER DELETE ON imports
  FOR EACH ROW EXECUTE FUNCTION adsapp_import_removed();

-- Rows that wait to be written carry the id of the contact that they make.
UPDATE import_rows SET contact_id = gen_random_uuid() WHERE state = 'staged' AND contact_id IS NULL;

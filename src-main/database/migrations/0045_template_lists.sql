-- Who stands in a list is rendered for, too, whether they are a contact or not: contact_ids holds NULL for those who are
-- none. The entries of a batch, in the order of contact_ids: {"phone", "email", "name", "given", "written", "isDouble"};
-- null where the audience is no list.
ALTER TABLE template_run_batches ADD COLUMN listed JSONB;
ALTER TABLE template_results ALTER COLUMN contact_id DROP NOT NULL;

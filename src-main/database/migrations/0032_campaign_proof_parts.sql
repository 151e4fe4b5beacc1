-- What the hash of a campaign is made of, so that a difference can be named: `message` and `audience` as
-- hashes, `recipients` as their number, `people` and `values` as sums that no order of rows changes.
-- The proof is content_hash alone. Null: launched by an earlier version.
ALTER TABLE campaigns ADD COLUMN content_hash_parts JSONB;

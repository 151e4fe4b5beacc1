-- Every recipient's row is written twice while it is sent to, and each time a version goes into every index that
-- knows it. Leases and retries that are due are found by their campaign and batch; nobody asks for deliveries by
-- their organization alone.
DROP INDEX deliveries_lease_idx;
DROP INDEX deliveries_due_idx;
DROP INDEX deliveries_organization_idx;

-- One batch in all its states: without it each batch's end reads the whole campaign.
DROP INDEX deliveries_claim_idx;
CREATE INDEX deliveries_batch_idx ON deliveries (campaign_id, batch_no);

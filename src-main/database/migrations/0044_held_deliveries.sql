-- A recipient is claimed by the commit of `sending` itself; nothing is leased before it. What a worker of an earlier
-- version had leased and not sent to is free again.
UPDATE deliveries SET state = CASE WHEN error_code IS NULL THEN 'pending' ELSE 'retry_wait' END WHERE state = 'leased';
ALTER TABLE deliveries DROP CONSTRAINT deliveries_state_check;
ALTER TABLE deliveries ADD CONSTRAINT deliveries_state_check CHECK (state IN (
  'pending', 'sending', 'accepted', 'sent', 'delivered', 'read', 'failed', 'retry_wait', 'unknown', 'skipped', 'cancelled'));

-- The run that sends to the recipient, and until when it is taken to be alive without saying so again.
ALTER TABLE deliveries RENAME COLUMN lease_owner TO claimed_by;
ALTER TABLE deliveries RENAME COLUMN lease_until TO alive_until;

-- WhatsApp's limit of people within 24 hours, which the campaign keeps to while it is sent; null: it is sent all the same.
ALTER TABLE campaigns ADD COLUMN portfolio_limit INTEGER CHECK (portfolio_limit > 0);

-- 'budget': held back until the limit leaves room; next_attempt_at says when that is looked at again.
ALTER TABLE deliveries ADD COLUMN waits_for TEXT CHECK (waits_for = 'budget');
CREATE INDEX deliveries_waiting_idx ON deliveries (campaign_id) WHERE waits_for IS NOT NULL;

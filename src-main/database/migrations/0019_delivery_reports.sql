-- What the providers report afterwards, through webhooks.

-- The stored totals of a campaign that has ended are no longer those of its ledger: a report came after the end.
ALTER TABLE campaigns ADD COLUMN totals_stale BOOLEAN NOT NULL DEFAULT false;
CREATE INDEX campaigns_totals_stale_idx ON campaigns (id) WHERE totals_stale;

-- What content_hash was computed over. 1: the message as the console of that time wrote it down, and recipients
-- and parameters; cannot be computed again. 2: message, audience, recipients and parameters as they are stored.
ALTER TABLE campaigns ADD COLUMN content_hash_version INTEGER NOT NULL DEFAULT 1;

-- An inbound WhatsApp message opens the 24-hour service window between a sender and a phone, also of somebody
-- who is no contact (yet). Not a column of contacts: a message does not change a contact.
CREATE TABLE conversations (
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  -- The phone number id that the message came to.
  sender_address TEXT NOT NULL,
  phone TEXT NOT NULL,
  last_inbound_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (organization_id, sender_address, phone)
);

CREATE INDEX conversations_phone_idx ON conversations (organization_id, phone);

-- As for the tables before (0010): not for whoever holds a Supabase project's anon key.
DO $$
DECLARE
  api_role TEXT;
BEGIN
  FOR api_role IN SELECT rolname FROM pg_roles WHERE rolname IN ('anon', 'authenticated') LOOP
    EXECUTE format('REVOKE ALL ON conversations FROM %I', api_role);
  END LOOP;
END
$$;

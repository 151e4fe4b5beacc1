-- Campaigns and the ledger of their deliveries. The ledger, not the queue, says who got what.

CREATE TABLE campaigns (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  channel TEXT NOT NULL CHECK (channel IN ('whatsapp', 'email')),
  sender_id UUID REFERENCES senders (id) ON DELETE SET NULL,
  template_version_id UUID REFERENCES template_versions (id) ON DELETE SET NULL,
  -- The message and who gets it, as they were frozen at launch; content_hash proves it.
  message JSONB NOT NULL,
  audience JSONB NOT NULL,
  state TEXT NOT NULL DEFAULT 'draft'
    CHECK (state IN ('draft', 'scheduled', 'launching', 'running', 'paused', 'completed', 'cancelled', 'failed')),
  pause_reason TEXT,
  -- 1 critical, 2 high, 3 normal, 4 low.
  priority INTEGER NOT NULL DEFAULT 3 CHECK (priority BETWEEN 1 AND 4),
  scheduled_at TIMESTAMPTZ,
  frozen_at TIMESTAMPTZ,
  content_hash TEXT,
  total_recipients INTEGER NOT NULL DEFAULT 0,
  batch_count INTEGER NOT NULL DEFAULT 0,
  -- Deliveries by state when the campaign ended; while it runs, count the ledger.
  totals JSONB NOT NULL DEFAULT '{}',
  job_id TEXT,
  error JSONB,
  created_by UUID REFERENCES profiles (id) ON DELETE SET NULL,
  started_at TIMESTAMPTZ,
  completed_at TIMESTAMPTZ,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT now()
);

CREATE INDEX campaigns_organization_created_idx ON campaigns (organization_id, created_at DESC, id DESC);
CREATE INDEX campaigns_active_idx ON campaigns (organization_id, state)
  WHERE state IN ('scheduled', 'launching', 'running', 'paused');
CREATE INDEX campaigns_sender_idx ON campaigns (sender_id);
CREATE INDEX campaigns_template_version_idx ON campaigns (template_version_id);
CREATE INDEX campaigns_created_by_idx ON campaigns (created_by);
CREATE TRIGGER campaigns_touch BEFORE UPDATE ON campaigns
  FOR EACH ROW EXECUTE FUNCTION adsapp_touch_updated_at();

-- pending -> leased -> sending -> accepted -> sent / delivered / read
--                             |-> failed | retry_wait | unknown | skipped | cancelled
-- `sending` is committed before the request goes out; a stale one becomes `unknown` and is never repeated.
CREATE TABLE deliveries (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  campaign_id UUID NOT NULL REFERENCES campaigns (id) ON DELETE CASCADE,
  contact_id UUID REFERENCES contacts (id) ON DELETE SET NULL,
  -- E.164 phone or e-mail address.
  recipient TEXT NOT NULL,
  -- The values of the message's variables for this recipient, frozen at launch.
  parameters JSONB NOT NULL DEFAULT '{}',
  -- The text as it was sent.
  rendered TEXT,
  batch_no INTEGER NOT NULL,
  state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN (
    'pending', 'leased', 'sending', 'accepted', 'sent', 'delivered', 'read',
    'failed', 'retry_wait', 'unknown', 'skipped', 'cancelled')),
  attempts INTEGER NOT NULL DEFAULT 0,
  next_attempt_at TIMESTAMPTZ,
  lease_owner TEXT,
  lease_until TIMESTAMPTZ,
  idempotency_key TEXT,
  provider_message_id TEXT,
  error_code TEXT,
  error_kind TEXT,
  error_message TEXT,
  sending_at TIMESTAMPTZ,
  accepted_at TIMESTAMPTZ,
  sent_at TIMESTAMPTZ,
  delivered_at TIMESTAMPTZ,
  read_at TIMESTAMPTZ,
  failed_at TIMESTAMPTZ,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  UNIQUE (campaign_id, recipient)
);

CREATE INDEX deliveries_claim_idx ON deliveries (campaign_id, batch_no, state)
  WHERE state IN ('pending', 'retry_wait');
CREATE INDEX deliveries_due_idx ON deliveries (next_attempt_at) WHERE state = 'retry_wait';
CREATE INDEX deliveries_lease_idx ON deliveries (lease_until) WHERE state IN ('leased', 'sending');
CREATE INDEX deliveries_state_idx ON deliveries (campaign_id, state, id);
CREATE INDEX deliveries_failure_idx ON deliveries (campaign_id, error_code) WHERE state = 'failed';
CREATE INDEX deliveries_provider_message_idx ON deliveries (provider_message_id)
  WHERE provider_message_id IS NOT NULL;
CREATE INDEX deliveries_contact_idx ON deliveries (contact_id);
CREATE INDEX deliveries_organization_idx ON deliveries (organization_id, created_at);

-- What happened to one delivery. Webhooks come twice and out of order: dedupe_key makes a repeat harmless.
CREATE TABLE delivery_events (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  delivery_id UUID NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
  event TEXT NOT NULL,
  dedupe_key TEXT,
  detail JSONB NOT NULL DEFAULT '{}',
  occurred_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  recorded_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  UNIQUE (delivery_id, dedupe_key)
);

CREATE INDEX delivery_events_timeline_idx ON delivery_events (delivery_id, occurred_at, id);
CREATE INDEX delivery_events_organization_idx ON delivery_events (organization_id, occurred_at);

-- The members of an e-mail batch and their order are frozen before the first request: a retry with the
-- same idempotency key is then safe.
CREATE TABLE email_batches (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  campaign_id UUID REFERENCES campaigns (id) ON DELETE CASCADE,
  job_id TEXT,
  batch_no INTEGER NOT NULL DEFAULT 0,
  idempotency_key TEXT NOT NULL CHECK (length(idempotency_key) <= 256),
  delivery_ids UUID[] NOT NULL DEFAULT '{}',
  payload_hash TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'frozen' CHECK (state IN ('frozen', 'sending', 'sent', 'failed', 'unknown')),
  attempts INTEGER NOT NULL DEFAULT 0,
  response JSONB,
  error JSONB,
  sent_at TIMESTAMPTZ,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  UNIQUE (organization_id, idempotency_key)
);

CREATE INDEX email_batches_campaign_idx ON email_batches (campaign_id, batch_no);
CREATE INDEX email_batches_job_idx ON email_batches (job_id);
CREATE TRIGGER email_batches_touch BEFORE UPDATE ON email_batches
  FOR EACH ROW EXECUTE FUNCTION adsapp_touch_updated_at();

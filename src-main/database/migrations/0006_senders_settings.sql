-- Senders (a WhatsApp number or a from address, with its pace and whether it may send) and settings.

CREATE TABLE senders (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  channel TEXT NOT NULL CHECK (channel IN ('whatsapp', 'email')),
  provider TEXT NOT NULL CHECK (provider IN ('whatsapp', 'resend', 'sandbox')),
  -- WhatsApp: the phone number id; e-mail: the from address.
  address TEXT NOT NULL,
  name TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'paused')),
  pause_reason TEXT,
  pause_error_code TEXT,
  paused_at TIMESTAMPTZ,
  paused_until TIMESTAMPTZ,
  -- Messages per second; null means the channel's default.
  rate_per_second DOUBLE PRECISION CHECK (rate_per_second > 0),
  burst INTEGER CHECK (burst > 0),
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  UNIQUE (organization_id, channel, provider, address)
);

CREATE TRIGGER senders_touch BEFORE UPDATE ON senders
  FOR EACH ROW EXECUTE FUNCTION adsapp_touch_updated_at();

CREATE TABLE settings (
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  key TEXT NOT NULL,
  value JSONB NOT NULL,
  updated_by UUID REFERENCES profiles (id) ON DELETE SET NULL,
  updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, key)
);

CREATE INDEX settings_updated_by_idx ON settings (updated_by);
CREATE TRIGGER settings_touch BEFORE UPDATE ON settings
  FOR EACH ROW EXECUTE FUNCTION adsapp_touch_updated_at();

-- Contacts (one per organization and E.164 phone) and the addresses that must not be written to.

CREATE TABLE contacts (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  phone TEXT NOT NULL CHECK (phone ~ '^\+[1-9][0-9]{4,14}$'),
  name TEXT,
  email TEXT,
  tags TEXT[] NOT NULL DEFAULT '{}',
  custom_fields JSONB NOT NULL DEFAULT '{}',
  opted_out_at TIMESTAMPTZ,
  import_id UUID REFERENCES imports (id) ON DELETE SET NULL,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  UNIQUE (organization_id, phone)
);

-- Lists page by key (created_at, id) or (lower(name), id); searches are prefix searches: pg_trgm is not
-- available everywhere, text_pattern_ops serves LIKE 'abc%' under any collation.
CREATE INDEX contacts_created_idx ON contacts (organization_id, created_at DESC, id DESC);
CREATE INDEX contacts_name_idx ON contacts (organization_id, lower(name) text_pattern_ops, id);
CREATE INDEX contacts_email_idx ON contacts (organization_id, lower(email) text_pattern_ops)
  WHERE email IS NOT NULL;
CREATE INDEX contacts_phone_idx ON contacts (organization_id, phone text_pattern_ops);
CREATE INDEX contacts_import_idx ON contacts (import_id) WHERE import_id IS NOT NULL;
CREATE INDEX contacts_tags_idx ON contacts USING gin (tags);

CREATE TABLE suppressions (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  channel TEXT NOT NULL CHECK (channel IN ('whatsapp', 'email')),
  address TEXT NOT NULL,
  reason TEXT NOT NULL,
  detail JSONB NOT NULL DEFAULT '{}',
  -- Null means for ever.
  until TIMESTAMPTZ,
  created_by UUID REFERENCES profiles (id) ON DELETE SET NULL,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  UNIQUE (organization_id, channel, address)
);

CREATE INDEX suppressions_created_by_idx ON suppressions (created_by);

-- Whom a campaign is for, beyond the contacts: lists that were pasted or came in a file, what was mended for one
-- campaign only, and the hours in which its recipients are left alone.

CREATE TABLE recipient_lists (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  source TEXT NOT NULL CHECK (source IN ('pasted', 'file')),
  name TEXT NOT NULL,
  -- The columns that offer values to variables.
  fields TEXT[] NOT NULL DEFAULT '{}',
  created_by UUID REFERENCES profiles (id) ON DELETE SET NULL,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now()
);

CREATE INDEX recipient_lists_organization_idx ON recipient_lists (organization_id, created_at);
CREATE INDEX recipient_lists_created_by_idx ON recipient_lists (created_by);

-- One address of a list. Where neither phone nor email could be read, `problem` says why.
CREATE TABLE recipient_list_entries (
  list_id UUID NOT NULL REFERENCES recipient_lists (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  written TEXT NOT NULL,
  phone TEXT,
  email TEXT,
  name TEXT,
  given JSONB NOT NULL DEFAULT '{}',
  problem TEXT,
  PRIMARY KEY (list_id, position)
);

-- What somebody changed for one recipient of one message that is being written; `draft_id` is the composer's own.
CREATE TABLE recipient_mends (
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  draft_id UUID NOT NULL,
  -- The address in lower case; '' holds the values for all who lack one.
  recipient TEXT NOT NULL,
  given JSONB NOT NULL DEFAULT '{}',
  left_out BOOLEAN NOT NULL DEFAULT FALSE,
  updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  PRIMARY KEY (organization_id, draft_id, recipient)
);

ALTER TABLE campaigns
  -- A test goes the way of every message, to one address, and is not counted among the campaigns.
  ADD COLUMN purpose TEXT NOT NULL DEFAULT 'send' CHECK (purpose IN ('send', 'test')),
  -- {"from": "21:00", "until": "08:00"} by the clock of each recipient; null where there are none.
  ADD COLUMN quiet_hours JSONB;

DO $$
DECLARE
  api_role TEXT;
BEGIN
  FOR api_role IN SELECT rolname FROM pg_roles WHERE rolname IN ('anon', 'authenticated') LOOP
    EXECUTE format('REVOKE ALL ON recipient_lists, recipient_list_entries, recipient_mends FROM %I', api_role);
  END LOOP;
END
$$;

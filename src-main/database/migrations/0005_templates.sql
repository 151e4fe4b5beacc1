-- Message templates. A version never changes: editing makes the next one.

CREATE TABLE templates (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  channel TEXT NOT NULL CHECK (channel IN ('whatsapp', 'email')),
  name TEXT NOT NULL,
  description TEXT,
  current_version INTEGER NOT NULL DEFAULT 1,
  archived_at TIMESTAMPTZ,
  created_by UUID REFERENCES profiles (id) ON DELETE SET NULL,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  updated_at TIMESTAMPTZ NOT NULL DEFAULT now()
);

CREATE UNIQUE INDEX templates_name_key ON templates (organization_id, channel, lower(name))
  WHERE archived_at IS NULL;
CREATE INDEX templates_created_by_idx ON templates (created_by);
CREATE TRIGGER templates_touch BEFORE UPDATE ON templates
  FOR EACH ROW EXECUTE FUNCTION adsapp_touch_updated_at();

CREATE TABLE template_versions (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  template_id UUID NOT NULL REFERENCES templates (id) ON DELETE CASCADE,
  version INTEGER NOT NULL CHECK (version > 0),
  -- whatsapp: text, image, video, document, audio, template; email: email.
  message_type TEXT NOT NULL
    CHECK (message_type IN ('text', 'image', 'video', 'document', 'audio', 'template', 'email')),
  subject TEXT,
  body TEXT NOT NULL DEFAULT '',
  body_html TEXT,
  -- The rest of the message: media link, approved template's name, language and components, attachments.
  content JSONB NOT NULL DEFAULT '{}',
  variables TEXT[] NOT NULL DEFAULT '{}',
  content_hash TEXT NOT NULL,
  created_by UUID REFERENCES profiles (id) ON DELETE SET NULL,
  created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  UNIQUE (template_id, version)
);

CREATE INDEX template_versions_organization_idx ON template_versions (organization_id);
CREATE INDEX template_versions_created_by_idx ON template_versions (created_by);

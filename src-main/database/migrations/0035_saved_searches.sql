-- Lines of search that somebody keeps under a name: each person their own.

CREATE TABLE saved_searches (
  id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
  organization_id UUID NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  user_id UUID NOT NULL REFERENCES profiles (id) ON DELETE CASCADE,
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
  query TEXT NOT NULL CHECK (length(query) BETWEEN 1 AND 4000),
  created_at TIMESTAMPTZ NOT NULL DEFAULT now()
);

-- A name is one's own once, upper or lower case.
CREATE UNIQUE INDEX saved_searches_name_idx ON saved_searches (organization_id, user_id, lower(name));
CREATE INDEX saved_searches_user_idx ON saved_searches (user_id);

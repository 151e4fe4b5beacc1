-- Who changed an organization's limit last. Its row is the one truth of all its consoles and worker hosts: no console
-- has a figure of its own any more.
ALTER TABLE messaging_limits ADD COLUMN changed_by UUID REFERENCES profiles (id) ON DELETE SET NULL;

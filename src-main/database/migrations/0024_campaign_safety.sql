-- What keeps a campaign from doing harm: a canary that goes first, and a share of failures that stops it.

-- The first `canary_batches` batches go first; the others get jobs once an operator has released them.
ALTER TABLE campaigns ADD COLUMN canary_recipients INTEGER CHECK (canary_recipients > 0);
ALTER TABLE campaigns ADD COLUMN canary_batches INTEGER CHECK (canary_batches > 0);
ALTER TABLE campaigns ADD COLUMN canary_released_at TIMESTAMPTZ;
-- Failures from before an operator let it go on do not stop it again.
ALTER TABLE campaigns ADD COLUMN resumed_at TIMESTAMPTZ;
-- Null: failures never stop it.
ALTER TABLE campaigns ADD COLUMN stop_at_failure_share DOUBLE PRECISION
  CHECK (stop_at_failure_share > 0 AND stop_at_failure_share <= 1);

-- Runs of a campaign's jobs that the time limit has ended: how many, when the last of them was, and what its limit was.
-- Each went on by itself; the campaign's page says so.
ALTER TABLE campaigns ADD COLUMN timed_out_runs INTEGER NOT NULL DEFAULT 0;
ALTER TABLE campaigns ADD COLUMN timed_out_at TIMESTAMPTZ;
ALTER TABLE campaigns ADD COLUMN timed_out_after_ms INTEGER;

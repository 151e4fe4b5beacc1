-- Runs of one schedule never overlap, and a campaign that is late asks only where nobody was there.

-- What happens to a time that comes while the run before it goes on: it is left out, or one waits for its end.
ALTER TABLE job_schedules ADD COLUMN overlap TEXT NOT NULL DEFAULT 'skip' CHECK (overlap IN ('skip', 'queue'));
-- When the run that it waited for had ended: it is late only from then on.
ALTER TABLE schedule_runs ADD COLUMN released_at TIMESTAMPTZ;
-- When a console or a worker host was there last while the campaign was due and waited for its turn in the queue.
ALTER TABLE campaigns ADD COLUMN due_seen_at TIMESTAMPTZ;

-- Of the failures of a minute, those that somebody cancelled: alerts after a restart do not count them. It is told of
-- whole queues only; of the minutes before this, none is known.
ALTER TABLE queue_metrics ADD COLUMN cancelled INTEGER NOT NULL DEFAULT 0;
ALTER TABLE queue_metrics_steps ADD COLUMN cancelled BIGINT NOT NULL DEFAULT 0;

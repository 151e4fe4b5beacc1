-- What a sender may send a second is on its row, so that every worker on every machine reads the same.
-- rate_per_second is the operator's own limit for it; without one default_per_second counts, the channel's
-- setting of the console that launched last or changed it.
ALTER TABLE senders ADD COLUMN default_per_second DOUBLE PRECISION CHECK (default_per_second > 0);

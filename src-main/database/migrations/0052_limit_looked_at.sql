-- When it was last made sure that a campaign keeps within its portfolio_limit; null: it has to be before anything more of
-- it is sent.
ALTER TABLE campaigns ADD COLUMN limit_looked_at TIMESTAMPTZ;

-- The look at a campaign's portfolio_limit that is under way: whose it is, and until when it is taken to be alive without
-- saying so again. Recipients are held back and let go in steps; who takes the mark away ends it.
ALTER TABLE campaigns ADD COLUMN limit_look_owner UUID;
ALTER TABLE campaigns ADD COLUMN limit_look_until TIMESTAMPTZ;

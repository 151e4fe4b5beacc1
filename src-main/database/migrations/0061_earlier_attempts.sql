-- An operator's retry gives a recipient a policy's attempts anew. Those before it are kept, so that what is shown is how
-- often the recipient was written to in all.
ALTER TABLE deliveries ADD COLUMN earlier_attempts INTEGER NOT NULL DEFAULT 0;

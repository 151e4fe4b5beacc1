-- Undoing an import whose mended rows were put in later compares each contact with what its row has written, by
-- the settings of that row's round.

ALTER TABLE imports
  -- Settings of the rounds before the last one: [{at, columns, options}], `at` being continued_at of their rows,
  -- null for those of the first. Rows of no such round were written by the settings that the import has now.
  ADD COLUMN earlier_rounds JSONB NOT NULL DEFAULT '[]';

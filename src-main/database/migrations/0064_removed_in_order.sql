-- Removed jobs are put back in the order they stood in. Which is next is found without looking at those that are back.
ALTER TABLE removed_jobs ADD COLUMN place BIGINT GENERATED ALWAYS AS IDENTITY;

CREATE INDEX removed_jobs_to_restore_idx ON removed_jobs (operation_id, place DESC)
  WHERE removed AND final IS NULL AND restored_at IS NULL;

-- How fast an operation is, is measured from here: not over the time that it waited for an answer, or for a console.
ALTER TABLE job_operations ADD COLUMN pace_from TIMESTAMPTZ, ADD COLUMN pace_done BIGINT NOT NULL DEFAULT 0;

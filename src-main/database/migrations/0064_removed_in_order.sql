-- Removed jobs are put back in the order they stood in. Which is next is found without looking at those that are back.
ALTER TABLE removed_jobs ADD COLUMN place BIGINT GENERATED ALWAYS AS IDENTITY;

CREATE INDEX removed_jobs_to_restore_idx ON removed_jobs (operation_id, place DESC)
  WHERE removed AND final IS NULL AND restored_at IS NULL;

-- How fast an operation is, is measured from here: not over the time that it waited for an answer, or for a console.
ALTER TABLE job_operations ADD COLUMN pace_from TIMESTAMPTZ, ADD COLUMN pace_done BIGINT NOT NULL DEFAULT 0;

-- Two that put the same jobs back would do work twice that a worker ends in between.
UPDATE job_operations AS later SET state = 'stopped', ended_at = now(), problem = 'The jobs are being put back already.'
 WHERE action ->> 'type' = 'restore' AND state IN ('held', 'running', 'watching') AND EXISTS (
   SELECT 1 FROM job_operations AS earlier
    WHERE earlier.action ->> 'type' = 'restore' AND earlier.state IN ('held', 'running', 'watching')
      AND earlier.action ->> 'of' = later.action ->> 'of'
      AND (earlier.created_at, earlier.id) < (later.created_at, later.id));
CREATE UNIQUE INDEX job_operations_restore_idx ON job_operations ((action ->> 'of'))
  WHERE action ->> 'type' = 'restore' AND state IN ('held', 'running', 'watching');

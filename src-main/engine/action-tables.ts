import { CANCELLED_PREFIX } from '@shared/domain/failure-cause';

/**
 * Changes of many jobs on PostgreSQL: the functions are the twins of the Lua in redis-action-scripts.ts, over
 * BullMQ's tables and by its rules (reprocess_job, promote, change_priority, remove of bullmq 6). Each answers
 * `{"done": …, "refused": [{"id": …, "why": …}]}`. Safe to run at every start.
 */
export const ACTION_TABLES = `
CREATE TABLE IF NOT EXISTS engine.tallies (
  name TEXT PRIMARY KEY,
  done BIGINT NOT NULL,
  changed_at TIMESTAMPTZ NOT NULL DEFAULT now()
);
-- What the last step took away or put back, and where.
ALTER TABLE engine.tallies ADD COLUMN IF NOT EXISTS last_queue TEXT, ADD COLUMN IF NOT EXISTS last_ids TEXT[];

CREATE OR REPLACE FUNCTION engine.count_done(p_tally text, p_done bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF p_done = 0 OR p_tally IS NULL THEN RETURN; END IF;
  INSERT INTO engine.tallies (name, done) VALUES (p_tally, p_done)
    ON CONFLICT (name) DO UPDATE SET done = tallies.done + excluded.done, changed_at = now();
  DELETE FROM engine.tallies WHERE changed_at < now() - interval '7 days';
END $$;

-- As bullmq.publish_event, for many at once.
CREATE OR REPLACE FUNCTION engine.tell(p_queue text, p_event text, p_ids text[], p_prev text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  v_last bigint;
  v_max bigint;
BEGIN
  IF coalesce(cardinality(p_ids), 0) = 0 THEN RETURN; END IF;
  INSERT INTO bullmq.event (queue, id, event, data, created_at_ms)
    SELECT p_queue, nextval('bullmq.event_seq'), p_event, jsonb_build_object('jobId', id, 'prev', p_prev),
           (extract(epoch FROM clock_timestamp()) * 1000)::bigint
      FROM unnest(p_ids) AS t (id);
  SELECT max(id) INTO v_last FROM bullmq.event WHERE queue = p_queue;
  SELECT coalesce((SELECT value::bigint FROM bullmq.meta WHERE queue = p_queue AND field = 'opts.maxLenEvents'), 10000)
    INTO v_max;
  DELETE FROM bullmq.event WHERE queue = p_queue AND id <= v_last - v_max;
  PERFORM pg_notify('bullmq_events', p_queue);
  PERFORM pg_notify('bullmq_jobs', p_queue);
END $$;

CREATE OR REPLACE FUNCTION engine.outcome(p_ids text[], p_done text[], p_why jsonb) RETURNS jsonb
LANGUAGE sql AS $$
  SELECT jsonb_build_object('done', coalesce(cardinality(p_done), 0), 'refused', coalesce(
    (SELECT jsonb_agg(jsonb_build_object('id', id, 'why', coalesce(p_why ->> id, 'missing')))
       FROM unnest(p_ids) AS t (id) WHERE NOT id = ANY (coalesce(p_done, '{}'))), '[]'))
$$;

CREATE OR REPLACE FUNCTION engine.retry_jobs(p_queue text, p_ids text[], p_leave_cancelled boolean, p_tally text)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  v_done text[];
  v_why jsonb;
BEGIN
  SELECT jsonb_object_agg(id, CASE
           WHEN p_leave_cancelled AND starts_with(failed_reason, '${CANCELLED_PREFIX}') THEN 'cancelled'
           ELSE 'moved' END)
    INTO v_why FROM bullmq.job WHERE queue = p_queue AND id = ANY (p_ids);
  WITH moved AS (
    UPDATE bullmq.job AS j
       SET state = 'waiting', seq = nextval('bullmq.job_seq'), process_at_ms = NULL, processed_at_ms = NULL,
           finished_at_ms = NULL, return_value = NULL, failed_reason = NULL, stacktrace = NULL,
           attempts_made = 0, attempts_started = 0
      FROM (SELECT id FROM unnest(p_ids) WITH ORDINALITY AS t (id, place) ORDER BY place) AS meant
     WHERE j.queue = p_queue AND j.id = meant.id AND j.state = 'failed'
       AND NOT (p_leave_cancelled AND starts_with(coalesce(j.failed_reason, ''), '${CANCELLED_PREFIX}'))
    RETURNING j.id)
  SELECT array_agg(id) INTO v_done FROM moved;
  -- A retried child is waited for again by its parent.
  WITH again AS (
    UPDATE bullmq.job_dependency AS d SET status = 'pending', value = NULL
      FROM bullmq.job AS j
     WHERE j.queue = p_queue AND j.id = ANY (v_done) AND d.parent_queue = j.parent_queue
       AND d.parent_id = j.parent_id AND d.child_key = p_queue || ':' || j.id AND d.status = 'failed'
    RETURNING d.parent_queue, d.parent_id)
  UPDATE bullmq.job AS p SET pending_deps = p.pending_deps + c.children
    FROM (SELECT parent_queue, parent_id, count(*) AS children FROM again GROUP BY 1, 2) AS c
   WHERE p.queue = c.parent_queue AND p.id = c.parent_id;
  DELETE FROM engine.cancels WHERE queue = p_queue AND job_id = ANY (v_done);
  PERFORM engine.tell(p_queue, 'waiting', v_done, 'failed');
  PERFORM engine.count_done(p_tally, coalesce(cardinality(v_done), 0));
  RETURN engine.outcome(p_ids, v_done, v_why);
END $$;

CREATE OR REPLACE FUNCTION engine.patch_jobs(p_queue text, p_ids text[], p_from text[], p_to text[],
  p_leave_cancelled boolean, p_tally text) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  v_done text[];
  v_why jsonb;
BEGIN
  SELECT jsonb_object_agg(id, CASE
           WHEN state <> 'failed' THEN 'moved'
           WHEN p_leave_cancelled AND starts_with(coalesce(failed_reason, ''), '${CANCELLED_PREFIX}') THEN 'cancelled'
           ELSE 'changed' END)
    INTO v_why FROM bullmq.job WHERE queue = p_queue AND id = ANY (p_ids);
  WITH patched AS (
    UPDATE bullmq.job AS j SET data = meant.becomes::jsonb
      FROM unnest(p_ids, p_from, p_to) AS meant (id, was, becomes)
     WHERE j.queue = p_queue AND j.id = meant.id AND j.state = 'failed' AND j.data::jsonb = meant.was::jsonb
       AND NOT (p_leave_cancelled AND starts_with(coalesce(j.failed_reason, ''), '${CANCELLED_PREFIX}'))
    RETURNING j.id)
  SELECT array_agg(id ORDER BY array_position(p_ids, id)) INTO v_done FROM patched;
  PERFORM engine.retry_jobs(p_queue, coalesce(v_done, '{}'), p_leave_cancelled, p_tally);
  RETURN engine.outcome(p_ids, v_done, v_why);
END $$;

CREATE OR REPLACE FUNCTION engine.promote_jobs(p_queue text, p_ids text[], p_tally text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  v_done text[];
  v_why jsonb;
BEGIN
  SELECT jsonb_object_agg(id, 'moved') INTO v_why FROM bullmq.job WHERE queue = p_queue AND id = ANY (p_ids);
  WITH moved AS (
    UPDATE bullmq.job AS j
       SET state = 'waiting', process_at_ms = NULL, delay_ms = 0, seq = nextval('bullmq.job_seq')
      FROM (SELECT id FROM unnest(p_ids) WITH ORDINALITY AS t (id, place) ORDER BY place) AS meant
     WHERE j.queue = p_queue AND j.id = meant.id AND j.state = 'delayed'
    RETURNING j.id)
  SELECT array_agg(id) INTO v_done FROM moved;
  PERFORM engine.tell(p_queue, 'waiting', v_done, 'delayed');
  PERFORM engine.count_done(p_tally, coalesce(cardinality(v_done), 0));
  RETURN engine.outcome(p_ids, v_done, v_why);
END $$;

CREATE OR REPLACE FUNCTION engine.prioritize_jobs(p_queue text, p_ids text[], p_priority integer, p_tally text)
RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  v_done text[];
  v_why jsonb;
BEGIN
  SELECT jsonb_object_agg(id, 'unchanged') INTO v_why FROM bullmq.job WHERE queue = p_queue AND id = ANY (p_ids);
  WITH moved AS (
    UPDATE bullmq.job AS j
       SET priority = p_priority, seq = CASE WHEN state = 'waiting' THEN nextval('bullmq.job_seq') ELSE seq END
      FROM (SELECT id FROM unnest(p_ids) WITH ORDINALITY AS t (id, place) ORDER BY place) AS meant
     WHERE j.queue = p_queue AND j.id = meant.id AND j.priority <> p_priority
    RETURNING j.id)
  SELECT array_agg(id) INTO v_done FROM moved;
  PERFORM engine.count_done(p_tally, coalesce(cardinality(v_done), 0));
  RETURN engine.outcome(p_ids, v_done, v_why);
END $$;

-- p_marks: when each job had ended where it had, else 0.
CREATE OR REPLACE FUNCTION engine.remove_jobs(
  p_queue text, p_ids text[], p_marks bigint[], p_state text, p_tally text
) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  v_now bigint := (extract(epoch FROM clock_timestamp()) * 1000)::bigint;
  v_done text[];
  v_why jsonb;
  r RECORD;
BEGIN
  SELECT jsonb_object_agg(j.id, CASE
           WHEN j.lock_token IS NOT NULL AND j.locked_until_ms > v_now THEN 'locked'
           WHEN j.scheduler_id IS NOT NULL AND j.state NOT IN ('completed', 'failed') THEN 'scheduled'
           WHEN EXISTS (SELECT 1 FROM bullmq.job_dependency AS d
                         WHERE d.parent_queue = j.queue AND d.parent_id = j.id AND d.status = 'pending')
             THEN 'has-children'
           WHEN j.state::text <> p_state OR (meant.mark > 0 AND j.finished_at_ms IS DISTINCT FROM meant.mark)
             THEN 'moved'
           ELSE 'no' END)
    INTO v_why
    FROM unnest(p_ids, p_marks) AS meant (id, mark) JOIN bullmq.job AS j ON j.queue = p_queue AND j.id = meant.id;
  SELECT array_agg(key) INTO v_done FROM jsonb_each_text(v_why) WHERE value = 'no';
  -- A parent that waited for such a job alone runs now.
  FOR r IN
    WITH left_behind AS (
      DELETE FROM bullmq.job_dependency
       WHERE child_queue = p_queue AND child_id = ANY (v_done) AND status = 'pending'
      RETURNING parent_queue, parent_id)
    SELECT parent_queue, parent_id, count(*) AS children FROM left_behind GROUP BY 1, 2
  LOOP
    UPDATE bullmq.job SET pending_deps = greatest(pending_deps - r.children, 0)
     WHERE queue = r.parent_queue AND id = r.parent_id;
    IF (SELECT pending_deps = 0 FROM bullmq.job WHERE queue = r.parent_queue AND id = r.parent_id) THEN
      PERFORM bullmq.move_parent_to_wait(r.parent_queue, r.parent_id, v_now);
    END IF;
  END LOOP;
  DELETE FROM bullmq.dedup AS d USING bullmq.job AS j
   WHERE j.queue = p_queue AND j.id = ANY (v_done) AND d.queue = j.queue AND d.dedup_id = j.dedup_id
     AND d.job_id = j.id;
  DELETE FROM bullmq.job WHERE queue = p_queue AND id = ANY (v_done);
  PERFORM engine.tell(p_queue, 'removed', v_done, p_state);
  PERFORM engine.count_done(p_tally, coalesce(cardinality(v_done), 0));
  UPDATE engine.tallies SET last_queue = p_queue, last_ids = v_done WHERE name = p_tally AND v_done IS NOT NULL;
  RETURN engine.outcome(p_ids, v_done, v_why);
END $$;

-- Into another queue. p_marks as above; p_before and p_after stand around the id in what their logs then say. An id
-- that a queue counted itself is counted anew: the other one has, or will have, a job of that number.
CREATE OR REPLACE FUNCTION engine.move_jobs(
  p_queue text, p_ids text[], p_marks bigint[], p_state text, p_to text, p_before text, p_after text,
  p_tally text
) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  v_now bigint := (extract(epoch FROM clock_timestamp()) * 1000)::bigint;
  v_fit text[];
  v_there text[];
  v_new text[];
  v_done text[];
  v_why jsonb;
BEGIN
  -- A worker that takes one of them meanwhile waits, and then does not find it.
  PERFORM 1 FROM bullmq.job WHERE queue = p_queue AND id = ANY (p_ids) ORDER BY id FOR UPDATE;
  SELECT jsonb_object_agg(j.id, CASE
           WHEN j.lock_token IS NOT NULL AND j.locked_until_ms > v_now THEN 'locked'
           WHEN j.scheduler_id IS NOT NULL AND j.state NOT IN ('completed', 'failed') THEN 'scheduled'
           WHEN j.parent_id IS NOT NULL OR EXISTS (SELECT 1 FROM bullmq.job_dependency AS d
                                                    WHERE d.parent_queue = j.queue AND d.parent_id = j.id)
             THEN 'in-flow'
           WHEN j.id !~ '^[0-9]+$' AND EXISTS (SELECT 1 FROM bullmq.job AS o WHERE o.queue = p_to AND o.id = j.id)
             THEN 'id-taken'
           WHEN j.state::text <> p_state OR (meant.mark > 0 AND j.finished_at_ms IS DISTINCT FROM meant.mark)
             THEN 'moved'
           ELSE 'no' END)
    INTO v_why
    FROM unnest(p_ids, p_marks) AS meant (id, mark) JOIN bullmq.job AS j ON j.queue = p_queue AND j.id = meant.id;
  SELECT array_agg(key ORDER BY array_position(p_ids, key)) INTO v_fit
    FROM jsonb_each_text(v_why) WHERE value = 'no';
  SELECT array_agg(CASE WHEN id ~ '^[0-9]+$' THEN bullmq.next_job_id(p_to) ELSE id END ORDER BY place) INTO v_there
    FROM unnest(v_fit) WITH ORDINALITY AS t (id, place);
  WITH put AS (
    INSERT INTO bullmq.job
      SELECT n.* FROM (SELECT id, there FROM unnest(v_fit, v_there) WITH ORDINALITY AS t (id, there, place)
                        ORDER BY place) AS meant
        JOIN LATERAL (SELECT to_jsonb(j) AS row FROM bullmq.job AS j WHERE j.queue = p_queue AND j.id = meant.id) AS was
          ON true,
        LATERAL jsonb_populate_record(NULL::bullmq.job, was.row || jsonb_build_object(
          'queue', p_to, 'id', meant.there, 'seq', nextval('bullmq.job_seq'),
          'state', CASE WHEN p_state = 'delayed' THEN 'delayed' ELSE 'waiting' END,
          'process_at_ms', CASE WHEN p_state = 'delayed' THEN was.row -> 'process_at_ms' END,
          'attempts_made', 0, 'attempts_started', 0, 'stalled_count', 0, 'stalled_marked', false,
          'return_value', NULL, 'failed_reason', NULL, 'stacktrace', NULL, 'processed_at_ms', NULL,
          'finished_at_ms', NULL, 'lock_token', NULL, 'locked_until_ms', NULL, 'dedup_id', NULL,
          'scheduler_id', NULL)) AS n
      ON CONFLICT DO NOTHING
    RETURNING id)
  SELECT array_agg(m.id), array_agg(m.there) INTO v_done, v_new
    FROM unnest(v_fit, v_there) AS m (id, there) JOIN put ON put.id = m.there;
  SELECT coalesce(v_why, '{}') || coalesce(jsonb_object_agg(id, 'id-taken'), '{}') INTO v_why
    FROM unnest(v_fit) AS t (id) WHERE NOT id = ANY (coalesce(v_done, '{}'));
  INSERT INTO bullmq.job_log (queue, job_id, idx, row)
    SELECT p_to, m.there, l.idx, l.row FROM unnest(v_done, v_new) AS m (id, there)
      JOIN bullmq.job_log AS l ON l.queue = p_queue AND l.job_id = m.id;
  INSERT INTO bullmq.job_log (queue, job_id, idx, row)
    SELECT p_to, there, coalesce((SELECT max(idx) + 1 FROM bullmq.job_log WHERE queue = p_to AND job_id = there), 0),
           p_before || id || p_after
      FROM unnest(v_done, v_new) AS t (id, there);
  DELETE FROM bullmq.dedup AS d USING bullmq.job AS j
   WHERE j.queue = p_queue AND j.id = ANY (v_done) AND d.queue = j.queue AND d.dedup_id = j.dedup_id
     AND d.job_id = j.id;
  DELETE FROM bullmq.job WHERE queue = p_queue AND id = ANY (v_done);
  DELETE FROM engine.cancels WHERE queue = p_queue AND job_id = ANY (v_done);
  PERFORM engine.tell(p_queue, 'removed', v_done, p_state);
  PERFORM engine.tell(p_to, CASE WHEN p_state = 'delayed' THEN 'delayed' ELSE 'waiting' END, v_new, p_state);
  PERFORM engine.count_done(p_tally, coalesce(cardinality(v_done), 0));
  RETURN engine.outcome(p_ids, v_done, v_why);
END $$;

CREATE OR REPLACE FUNCTION engine.restore_jobs(p_queue text, p_copies jsonb, p_tally text) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
  v_now bigint := (extract(epoch FROM clock_timestamp()) * 1000)::bigint;
  v_ids text[];
  v_done text[];
  v_why jsonb;
BEGIN
  SELECT array_agg(c -> 'job' ->> 'id') INTO v_ids FROM jsonb_array_elements(p_copies) AS t (c);
  SELECT jsonb_object_agg(id, 'there-again') INTO v_why FROM bullmq.job WHERE queue = p_queue AND id = ANY (v_ids);
  WITH back AS (
    INSERT INTO bullmq.job
      SELECT j.* FROM jsonb_array_elements(p_copies) AS t (c),
             LATERAL jsonb_populate_record(NULL::bullmq.job, c -> 'job') AS j
      ON CONFLICT DO NOTHING
    RETURNING id)
  SELECT array_agg(id) INTO v_done FROM back;
  INSERT INTO bullmq.job_log
    SELECT l.* FROM jsonb_array_elements(p_copies) AS t (c), jsonb_array_elements(c -> 'logs') AS line (content),
           LATERAL jsonb_populate_record(NULL::bullmq.job_log, content) AS l
     WHERE l.job_id = ANY (v_done);
  INSERT INTO bullmq.job_dependency
    SELECT d.* FROM jsonb_array_elements(p_copies) AS t (c), jsonb_array_elements(c -> 'children') AS child (content),
           LATERAL jsonb_populate_record(NULL::bullmq.job_dependency, content) AS d
     WHERE d.parent_id = ANY (v_done)
     ON CONFLICT DO NOTHING;
  -- No other of its kind is taken, unless one was meanwhile.
  INSERT INTO bullmq.dedup
    SELECT d.* FROM jsonb_array_elements(p_copies) AS t (c),
           LATERAL jsonb_populate_record(NULL::bullmq.dedup, nullif(c -> 'alone', 'null')) AS d
     WHERE d.job_id = ANY (v_done) AND (d.expire_at_ms IS NULL OR d.expire_at_ms > v_now)
    ON CONFLICT (queue, dedup_id) DO UPDATE SET job_id = excluded.job_id, expire_at_ms = excluded.expire_at_ms
     WHERE dedup.expire_at_ms <= v_now;
  -- A parent waits for it again, if it still waits. Earlier copies do not say whether it did.
  WITH again AS (
    INSERT INTO bullmq.job_dependency (parent_queue, parent_id, child_queue, child_id, child_key, status)
      SELECT p.queue, p.id, j.queue, j.id, j.queue || ':' || j.id, 'pending'
        FROM jsonb_array_elements(p_copies) AS t (c)
        JOIN bullmq.job AS j ON j.queue = p_queue AND j.id = c -> 'job' ->> 'id'
        JOIN bullmq.job AS p ON p.queue = j.parent_queue AND p.id = j.parent_id
       WHERE j.id = ANY (v_done) AND p.state = 'waiting-children'
         AND coalesce((c ->> 'isOwed')::boolean, j.state NOT IN ('completed', 'failed'))
      ON CONFLICT DO NOTHING
    RETURNING parent_queue, parent_id)
  UPDATE bullmq.job AS p SET pending_deps = p.pending_deps + c.children
    FROM (SELECT parent_queue, parent_id, count(*) AS children FROM again GROUP BY 1, 2) AS c
   WHERE p.queue = c.parent_queue AND p.id = c.parent_id;
  PERFORM engine.tell(p_queue, 'added', v_done, 'removed');
  PERFORM engine.count_done(p_tally, coalesce(cardinality(v_done), 0));
  UPDATE engine.tallies SET last_queue = p_queue, last_ids = v_done WHERE name = p_tally AND v_done IS NOT NULL;
  RETURN engine.outcome(v_ids, v_done, v_why);
END $$;
`;

/**
 * What hosts and consoles share on PostgreSQL besides BullMQ's tables, in a schema of its own. Safe to
 * run at every start. The function is the twin of the Lua in redis-coordination.ts.
 */
export const COORDINATION_TABLES = `
CREATE SCHEMA IF NOT EXISTS engine;

CREATE TABLE IF NOT EXISTS engine.hosts (
  id TEXT PRIMARY KEY,
  heartbeat JSONB NOT NULL,
  expires_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE IF NOT EXISTS engine.cancels (
  queue TEXT NOT NULL,
  job_id TEXT NOT NULL,
  by TEXT NOT NULL,
  expires_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (queue, job_id)
);

-- One row a key of GCRA: when the next permit is due, in ms since 1970.
CREATE TABLE IF NOT EXISTS engine.pace (
  key TEXT PRIMARY KEY,
  due DOUBLE PRECISION NOT NULL
);

CREATE OR REPLACE FUNCTION engine.acquire(
  pace_key TEXT, step DOUBLE PRECISION, burst INTEGER, max_wait DOUBLE PRECISION
) RETURNS TABLE (granted BOOLEAN, wait_ms DOUBLE PRECISION) LANGUAGE plpgsql AS $$
DECLARE
  now_ms DOUBLE PRECISION;
  next_due DOUBLE PRECISION;
BEGIN
  INSERT INTO engine.pace (key, due) VALUES (pace_key, 0) ON CONFLICT (key) DO NOTHING;
  SELECT pace.due INTO next_due FROM engine.pace WHERE pace.key = pace_key FOR UPDATE;
  now_ms := extract(epoch FROM clock_timestamp()) * 1000;
  next_due := greatest(next_due, now_ms);
  wait_ms := greatest(0, next_due - (burst - 1) * step - now_ms);
  granted := wait_ms <= max_wait;
  IF granted THEN
    UPDATE engine.pace SET due = next_due + step WHERE pace.key = pace_key;
  ELSE
    wait_ms := wait_ms - max_wait;
  END IF;
  RETURN NEXT;
END
$$;
`;

import { RECOVERY_PER_SECOND, SAME_CUT_MS, SLOWEST_SHARE } from './coordination';

/** Pacing on PostgreSQL: the functions are the twins of the Lua in redis-pacing.ts. Safe to run at every start. */
export const PACING_TABLES = `
-- One row a line: when its next permit is due, the mean ms of a permit reserved until then, its last cut, and
-- until when it is held. Times are ms since 1970. Not worth a log: after a crash every line is simply empty.
CREATE UNLOGGED TABLE IF NOT EXISTS engine.lines (
  key TEXT PRIMARY KEY,
  due DOUBLE PRECISION NOT NULL DEFAULT 0,
  step DOUBLE PRECISION NOT NULL DEFAULT 0,
  share DOUBLE PRECISION NOT NULL DEFAULT 1,
  cut_at DOUBLE PRECISION NOT NULL DEFAULT 0,
  since DOUBLE PRECISION NOT NULL DEFAULT 0,
  code TEXT NOT NULL DEFAULT '',
  hold DOUBLE PRECISION NOT NULL DEFAULT 0
);

-- The line of one member of a scope; wait is what its last request was answered.
CREATE UNLOGGED TABLE IF NOT EXISTS engine.pairs (
  scope TEXT NOT NULL,
  member TEXT NOT NULL,
  due DOUBLE PRECISION NOT NULL,
  wait DOUBLE PRECISION NOT NULL,
  PRIMARY KEY (scope, member)
);

CREATE OR REPLACE FUNCTION engine.now_ms() RETURNS DOUBLE PRECISION LANGUAGE sql VOLATILE AS $$
  SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8
$$;

CREATE OR REPLACE FUNCTION engine.share_of(line engine.lines, now_ms DOUBLE PRECISION)
RETURNS DOUBLE PRECISION LANGUAGE sql IMMUTABLE AS $$
  SELECT least(1, line.share + (now_ms - line.cut_at) * ${RECOVERY_PER_SECOND / 1_000})
$$;

CREATE OR REPLACE FUNCTION engine.reserve(
  line_key TEXT, wide_key TEXT, permit_ms DOUBLE PRECISION, burst INTEGER, max_wait DOUBLE PRECISION,
  weight DOUBLE PRECISION, places INTEGER
) RETURNS TABLE (now_ms DOUBLE PRECISION, starts DOUBLE PRECISION[], retry_ms DOUBLE PRECISION) LANGUAGE plpgsql AS $$
DECLARE
  line engine.lines;
  wide engine.lines;
  start DOUBLE PRECISION;
  earliest DOUBLE PRECISION;
  ahead DOUBLE PRECISION := 0; -- permits
BEGIN
  INSERT INTO engine.lines (key) VALUES (line_key) ON CONFLICT (key) DO NOTHING;
  SELECT * INTO line FROM engine.lines WHERE key = line_key FOR UPDATE;
  SELECT * INTO wide FROM engine.lines WHERE key = wide_key AND key <> line_key;
  now_ms := engine.now_ms();
  permit_ms := permit_ms / engine.share_of(line, now_ms) / coalesce(engine.share_of(wide, now_ms), 1);
  earliest := greatest(now_ms, line.hold, wide.hold);
  IF line.due > earliest THEN
    ahead := (line.due - earliest) / line.step;
    line.due := least(line.due, earliest + ahead * permit_ms);
  END IF;
  starts := '{}';
  retry_ms := 0;
  FOR place IN 1..places LOOP
    line.due := greatest(line.due, earliest);
    start := greatest(earliest, line.due - (burst - 1) * permit_ms);
    IF start - now_ms > max_wait THEN
      retry_ms := start - now_ms - max_wait;
      EXIT;
    END IF;
    line.due := line.due + weight * permit_ms;
    ahead := ahead + weight;
    starts := starts || start;
  END LOOP;
  IF cardinality(starts) > 0 THEN
    UPDATE engine.lines SET due = line.due, step = (line.due - earliest) / ahead WHERE key = line_key;
  END IF;
  RETURN NEXT;
END
$$;

CREATE OR REPLACE FUNCTION engine.slow_down(line_key TEXT, factor DOUBLE PRECISION, cause TEXT)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  now_ms DOUBLE PRECISION := engine.now_ms();
BEGIN
  INSERT INTO engine.lines (key) VALUES (line_key) ON CONFLICT (key) DO NOTHING;
  UPDATE engine.lines AS line
     SET share = greatest(${SLOWEST_SHARE}, engine.share_of(line, now_ms) * factor), cut_at = now_ms, code = cause,
         since = CASE WHEN engine.share_of(line, now_ms) < 1 THEN since ELSE now_ms END
   WHERE key = line_key AND now_ms - cut_at >= ${SAME_CUT_MS};
END
$$;
`;

import { ACTION_TABLES } from './action-tables';
import { PACING_TABLES } from './pacing-tables';

/**
 * What hosts and consoles share on PostgreSQL besides BullMQ's tables, in a schema of its own. Safe to
 * run at every start.
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

-- Was one row a key of GCRA, also of pairs.
DROP FUNCTION IF EXISTS engine.acquire;
DROP TABLE IF EXISTS engine.pace;
${PACING_TABLES}
${ACTION_TABLES}
`;

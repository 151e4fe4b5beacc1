import { createPgPool } from './pool';

/** What a test of a database address found. */
export interface DatabaseProbe {
  readonly reachable: boolean;
  readonly detail: string;
  readonly latencyMs: number | null;
}

const TIMEOUT_MS = 5_000;

/** Connects once, asks for the version, and disconnects. Changes nothing, never rejects, never quotes the address. */
export const probeDatabase = async (url: string): Promise<DatabaseProbe> => {
  const pool = createPgPool(url, {
    applicationName: 'adsapp-probe',
    max: 1,
    connectTimeoutMs: TIMEOUT_MS,
    statementTimeoutMs: TIMEOUT_MS,
  });
  try {
    await pool.query('SELECT 1');
    const started = performance.now();
    const { rows } = await pool.query<{ server_version: string }>('SHOW server_version');
    return {
      reachable: true,
      detail: `PostgreSQL ${rows[0]?.server_version ?? ''}`.trim(),
      latencyMs: performance.now() - started,
    };
  } catch (error) {
    return {
      reachable: false,
      detail: error instanceof Error ? error.message : 'It cannot be reached.',
      latencyMs: null,
    };
  } finally {
    await pool.end();
  }
};

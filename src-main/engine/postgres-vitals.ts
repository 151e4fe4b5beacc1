import { z } from 'zod';
import type { SqlQueries } from './postgres-job-reader';
import type { EngineVitals, VitalsReader } from './vitals';

const shape = z.object({ version: z.string(), seconds: z.coerce.number(), bytes: z.coerce.number() });

/** What the embedded database tells: it has no memory limit, no other clients and no commands of its own to count. */
export class PostgresVitals implements VitalsReader {
  constructor(private readonly pool: SqlQueries) {}

  async read(): Promise<EngineVitals> {
    const { rows } = await this.pool.query(`
      SELECT current_setting('server_version') AS version,
             extract(epoch FROM clock_timestamp() - pg_postmaster_start_time())::float8 AS seconds,
             pg_database_size(current_database())::float8 AS bytes`);
    const { version, seconds, bytes } = shape.parse(rows[0]);
    return {
      version,
      uptimeSeconds: Math.max(0, Math.round(seconds)),
      memory: {
        ...{ usedBytes: null, peakBytes: null, limitBytes: null, fragmentation: null },
        ...{ evictionPolicy: null, evictedKeys: null },
      },
      storageBytes: bytes,
      ...{ persistence: 'files', savesWell: null, lastSavedAt: null },
      ...{ clients: null, blockedClients: null, commandsPerSecond: null },
    };
  }
}

import { finished } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import type { PoolClient } from './pool';

/** Sends rows to `COPY … FROM STDIN` in the format that the statement names; on PGlite as on a server. Rejects where one is refused. */
export async function copyIn(client: PoolClient, statement: string, rows: Uint8Array): Promise<void> {
  const stream = client.query(copyFrom(statement));
  stream.end(rows);
  await finished(stream);
}

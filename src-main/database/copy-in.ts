import { finished } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import type { PoolClient } from './pool';

/** Sends lines of COPY's text format to `COPY … FROM STDIN`; on PGlite as on a server. Rejects where a line is refused. */
export async function copyIn(client: PoolClient, statement: string, lines: Uint8Array): Promise<void> {
  const stream = client.query(copyFrom(statement));
  stream.end(lines);
  await finished(stream);
}

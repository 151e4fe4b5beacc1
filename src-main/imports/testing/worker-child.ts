import { jobPayloads } from '@shared/domain/jobs';
import { JobId } from '@shared/domain/ids';
import { createDatabase } from '../../database/database';
import { createPgPool } from '../../database/pool';
import { createImportProcessor } from '../processor';

/** One attempt at an import in a process of its own, to be killed: says a line after each batch. */
async function main(url: string, payload: string): Promise<void> {
  const pool = createPgPool(url);
  const outcome = await createImportProcessor(createDatabase(pool), { maxBatchRows: 1_000 })({
    id: JobId.parse('killed'),
    queue: 'contact-import',
    name: 'import-contacts',
    data: jobPayloads['contact-import'].parse(JSON.parse(payload)),
    attempt: 1,
    attempts: 3,
    signal: new AbortController().signal,
    timeLimitMs: () => 300_000,
    workedMs: () => 0,
    progress: () => process.stdout.write('batch\n'),
    log: () => undefined,
  });
  await pool.end();
  process.exitCode = outcome.type === 'done' ? 0 : 1;
}

const [, , url = '', payload = ''] = process.argv;
void main(url, payload);

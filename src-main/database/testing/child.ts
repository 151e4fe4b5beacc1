import { LockFile } from '../lock-file';
import { PGliteHost } from '../pglite-host';

/**
 * A process to be killed by tests: `lock <file>` holds a lock, `write <folder>` opens the database there
 * and inserts rows for ever. It says `ready` when it has begun, then each number that was committed.
 */
async function main(role: string | undefined, path: string | undefined): Promise<void> {
  if (path === undefined) throw new Error('A path is missing.');
  if (role === 'lock') {
    await LockFile.acquire(path);
    process.stdout.write('ready\n');
    setInterval(() => undefined, 1_000);
    return;
  }
  const host = await PGliteHost.open({ folder: path });
  const pool = host.createPool();
  await pool.query('CREATE TABLE IF NOT EXISTS survivors (n INT PRIMARY KEY)');
  process.stdout.write('ready\n');
  for (let n = 1; ; n += 1) {
    await pool.query('INSERT INTO survivors VALUES ($1)', [n]);
    process.stdout.write(`${String(n)}\n`);
  }
}

void main(process.argv[2], process.argv[3]);

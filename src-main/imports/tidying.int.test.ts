import { randomUUID } from 'node:crypto';
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ImportStage } from './testing/import-stage';
import { withImportStage } from './testing/with-import-stage';

const FILE = 'Phone,Name\n+966512345678,Ann\n';
const DAY_MS = 24 * 60 * 60 * 1_000;

describe('the start of a console', () => {
  let stage: ImportStage;
  withImportStage('embedded', (opened) => (stage = opened));

  const copies = () => readdir(join(stage.folder, 'imports'));
  const leave = async (importId: string, daysOld: number): Promise<void> => {
    const folder = join(stage.folder, 'imports', importId);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'source'), FILE);
    const at = new Date(Date.now() - daysOld * DAY_MS);
    await utimes(folder, at, at);
  };

  it('removes the copies of files that nobody reads again, and no other', async () => {
    const done = await stage.start(await stage.open(await stage.write('done.csv', FILE)));
    await stage.until(done.id, 'completed');
    const draft = await stage.open(await stage.write('draft.csv', FILE));
    const [unknown, ofToday] = [randomUUID(), randomUUID()];
    await leave(done.id, 0);
    await leave(unknown, 8);
    await leave(ofToday, 0);

    const console = stage.restart();
    await console.start();
    await console.stop();
    expect((await copies()).sort()).toEqual([draft.id, ofToday].sort());
  });
});

import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ImportId } from '@shared/domain/ids';
import { createKeptFiles } from './kept-files';

describe('the copy of a file that is imported', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kept-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const newId = (): ImportId => ImportId.parse(randomUUID());

  it('says where the file cannot be read, and what to do', async () => {
    // It is there and may be opened; reading its first byte fails, as that of a file on a broken disk.
    await expect(createKeptFiles(folder).keep(newId(), '/proc/self/mem')).rejects.toMatchObject({
      error: {
        code: 'file_rejected',
        reason: 'not-readable',
        action: expect.stringContaining('no other program') as string,
      },
    });
  });

  it('says that the disk is full, and what to do', async () => {
    const id = newId();
    const source = join(folder, 'contacts.csv');
    await writeFile(source, 'phone\n');
    const kept = createKeptFiles(folder);
    await mkdir(join(folder, 'imports', id), { recursive: true });
    await symlink('/dev/full', kept.pathOf(id));
    await expect(kept.keep(id, source)).rejects.toMatchObject({
      error: {
        code: 'file_rejected',
        reason: 'disk-full',
        action: expect.stringContaining('room') as string,
      },
    });
  });
});

import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { MAX_IMPORT_BYTES } from '@shared/contract/imports';
import type { ImportId } from '@shared/domain/ids';
import { AppFailure } from '@shared/errors';

export interface KeptFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

/** Copies of the files being imported: an import can be read again after the original has gone. */
export interface KeptFiles {
  keep(importId: ImportId, source: string): Promise<KeptFile>;
  pathOf(importId: ImportId): string;
  has(importId: ImportId): Promise<boolean>;
  discard(importId: ImportId): Promise<void>;
}

/** Keeps them as `<dataDir>/imports/<id>/source`: nothing of a foreign file name reaches the disk. */
export function createKeptFiles(dataDir: string): KeptFiles {
  const folderOf = (importId: ImportId): string => join(dataDir, 'imports', importId);
  const pathOf = (importId: ImportId): string => join(folderOf(importId), 'source');
  return {
    pathOf,
    async keep(importId, source) {
      await assertReadable(source);
      await mkdir(folderOf(importId), { recursive: true });
      const hash = createHash('sha256');
      let sizeBytes = 0;
      const measure = new Transform({
        transform(chunk: Buffer, _encoding, done) {
          hash.update(chunk);
          sizeBytes += chunk.length;
          done(sizeBytes > MAX_IMPORT_BYTES ? tooLarge() : null, chunk);
        },
      });
      await pipeline(createReadStream(source), measure, createWriteStream(pathOf(importId)));
      return { path: pathOf(importId), sizeBytes, sha256: hash.digest('hex') };
    },
    async has(importId) {
      return stat(pathOf(importId)).then(
        (found) => found.isFile(),
        () => false,
      );
    },
    async discard(importId) {
      await rm(folderOf(importId), { recursive: true, force: true });
    },
  };
}

async function assertReadable(source: string): Promise<void> {
  const found = await stat(source).catch((error: unknown) => {
    throw unreadable(source, error);
  });
  if (!found.isFile()) {
    throw new AppFailure({
      code: 'file_rejected',
      reason: 'not-a-file',
      message: `${basename(source)} is a folder, not a file.`,
      action: 'Choose the spreadsheet inside it.',
    });
  }
  if (found.size > MAX_IMPORT_BYTES) throw tooLarge();
}

const tooLarge = (): AppFailure =>
  new AppFailure({
    code: 'payload_too_large',
    message: 'The file is larger than 250 MB.',
    action: 'Split it into several files.',
  });

function unreadable(source: string, error: unknown): AppFailure {
  const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
  return new AppFailure({
    code: 'file_rejected',
    reason: isMissing ? 'not-found' : 'not-readable',
    message: isMissing
      ? `The file ${basename(source)} is not there any more.`
      : `The file ${basename(source)} cannot be read.`,
    action: isMissing ? 'Choose it again.' : 'Check that you may read it and that no other program locks it.',
  });
}

import { createHash } from 'node:crypto';
import { mkdir, open, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { MAX_IMPORT_BYTES } from '@shared/contract/imports';
import type { ImportId } from '@shared/domain/ids';
import { AppFailure } from '@shared/errors';

export interface KeptFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

/** Hashed in well under a millisecond. */
const PIECE_BYTES = 256 * 1024;

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
      return { path: pathOf(importId), ...(await copy(source, pathOf(importId))) };
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

/**
 * Copies a file piece by piece through one buffer: with a new one for each, as streams have it, the garbage
 * collection of hundreds of them stood in the way of everything else that this process does.
 */
async function copy(source: string, target: string): Promise<Omit<KeptFile, 'path'>> {
  const hash = createHash('sha256');
  const piece = Buffer.allocUnsafeSlow(PIECE_BYTES);
  const from = await open(source, 'r');
  try {
    const to = await open(target, 'w');
    try {
      for (let sizeBytes = 0; ;) {
        const { bytesRead } = await from.read(piece, 0, piece.length);
        if (bytesRead === 0) return { sizeBytes, sha256: hash.digest('hex') };
        sizeBytes += bytesRead;
        if (sizeBytes > MAX_IMPORT_BYTES) throw tooLarge();
        const read = piece.subarray(0, bytesRead);
        hash.update(read);
        await to.writeFile(read);
      }
    } finally {
      await to.close();
    }
  } finally {
    await from.close();
  }
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

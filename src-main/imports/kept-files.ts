import { createHash } from 'node:crypto';
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { MAX_IMPORT_BYTES } from '@shared/contract/imports';
import { ImportId } from '@shared/domain/ids';
import { AppFailure } from '@shared/errors';
import { whereThereIsRoom } from './reader/rejection';

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
  /** All that there are, and when something was last put there or removed. */
  list(): Promise<{ readonly importId: ImportId; readonly changedAt: Date }[]>;
}

/** Keeps them as `<dataDir>/imports/<id>/source`: nothing of a foreign file name reaches the disk. */
export function createKeptFiles(dataDir: string): KeptFiles {
  const root = join(dataDir, 'imports');
  const folderOf = (importId: ImportId): string => join(root, importId);
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
    async list() {
      // Before the first import there is no folder; any other trouble is told.
      await mkdir(root, { recursive: true });
      const names = await readdir(root);
      const ids = names.flatMap((name) => ImportId.safeParse(name).data ?? []);
      return Promise.all(
        ids.map(async (importId) => ({ importId, changedAt: (await stat(folderOf(importId))).mtime })),
      );
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
  const from = await readable(source, open(source, 'r'));
  try {
    const to = await open(target, 'w');
    try {
      for (let sizeBytes = 0; ;) {
        const { bytesRead } = await readable(source, from.read(piece, 0, piece.length));
        if (bytesRead === 0) return { sizeBytes, sha256: hash.digest('hex') };
        sizeBytes += bytesRead;
        if (sizeBytes > MAX_IMPORT_BYTES) throw tooLarge();
        const read = piece.subarray(0, bytesRead);
        hash.update(read);
        await whereThereIsRoom(to.writeFile(read));
      }
    } finally {
      await to.close();
    }
  } finally {
    await from.close();
  }
}

/** Waits for what is done to the source; says so where it is the source that cannot be read. */
async function readable<T>(source: string, reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    throw unreadable(source, error);
  }
}

async function assertReadable(source: string): Promise<void> {
  const found = await readable(source, stat(source));
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

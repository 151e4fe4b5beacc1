import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fail, ok, type AppError, type Result } from '@shared/errors';
import type { Download } from '@shared/contract/common';
import { MAX_IMPORT_BYTES } from '@shared/contract/imports';

const KEPT_FOR_MS = 60 * 60 * 1_000;
/** Uploads and downloads that wait at once; more would fill the disk. */
const MAX_WAITING = 200;

export interface OfferedFile {
  readonly path: string;
  readonly fileName: string;
  readonly contentType: string;
}

export interface UploadedFile {
  readonly path: string;
  readonly fileName: string;
}

/**
 * Where files change hands with the console: downloads are offered under an unguessable address that works
 * once, uploads wait under an id until somebody takes them. Both are removed after an hour.
 */
export interface FileExchange {
  /** Offers content, or a copy of a file, under `/files/<token>/<name>`. */
  offer(
    content: Buffer | { readonly path: string },
    fileName: string,
    contentType: string,
  ): Promise<Download>;
  /** The file behind an address, once; `null` where there is none. It stays on disk until it expires. */
  resolve(url: string): OfferedFile | null;
  /** Takes an upload of at most 250 MB in. What it refuses it does not read to its end, and leaves open. */
  accept(content: Readable, fileName: string): Promise<Result<{ uploadId: string; path: string }>>;
  /** An uploaded file, to be removed with `release` when it has been copied. */
  uploaded(uploadId: string): UploadedFile | null;
  release(uploadId: string): Promise<void>;
  /** A place for a file that is about to be offered by its path. */
  temporaryPath(): Promise<string>;
  /** Removes everything; nothing survives a restart. */
  close(): Promise<void>;
}

export interface FileExchangeOptions {
  /** A folder of the exchange's own. */
  readonly directory: string;
  readonly keptForMs?: number;
  readonly maxBytes?: number;
  /** Told when a file could not be removed. */
  readonly report: (message: string, error: unknown) => void;
}

interface Waiting {
  readonly file: OfferedFile;
  readonly timer: NodeJS.Timeout;
}

/** Empties `directory` and makes an exchange in it. */
export async function createFileExchange(options: FileExchangeOptions): Promise<FileExchange> {
  const { directory, report } = options;
  const maxBytes = options.maxBytes ?? MAX_IMPORT_BYTES;
  const keptForMs = options.keptForMs ?? KEPT_FOR_MS;
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const downloads = new Map<string, Waiting>();
  const uploads = new Map<string, Waiting>();

  const remove = async (path: string): Promise<void> => {
    try {
      await rm(path, { force: true });
    } catch (error) {
      report('A temporary file could not be removed.', error);
    }
  };
  const keep = (waiting: Map<string, Waiting>, id: string, file: OfferedFile): void => {
    const expire = (): void => {
      waiting.delete(id);
      void remove(file.path);
    };
    waiting.set(id, { file, timer: setTimeout(expire, keptForMs).unref() });
  };
  const temporaryPath = async (): Promise<string> => {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    return join(directory, randomUUID());
  };

  return {
    temporaryPath,
    async offer(content, fileName, contentType) {
      const path =
        Buffer.isBuffer(content) || !content.path.startsWith(directory)
          ? await temporaryPath()
          : content.path;
      if (Buffer.isBuffer(content)) await writeFile(path, content, { mode: 0o600 });
      else if (content.path !== path) await copyFile(content.path, path);
      const token = randomUUID();
      const name = safeName(fileName);
      keep(downloads, token, { path, fileName: name, contentType });
      return { url: `/files/${token}/${encodeURIComponent(name)}`, fileName: name };
    },
    resolve(url) {
      const token = /^\/files\/([0-9a-f-]{36})(?:\/[^/]*)?$/.exec(url)?.[1];
      const waiting = token === undefined ? undefined : downloads.get(token);
      if (token === undefined || waiting === undefined) return null;
      downloads.delete(token);
      // The timer goes on: the file is removed when the download has had an hour.
      return waiting.file;
    },
    async accept(content, fileName) {
      if (uploads.size >= MAX_WAITING) {
        content.resume();
        return fail(tooMany);
      }
      const path = await temporaryPath();
      const problem = await write(content, path, maxBytes);
      if (problem !== undefined) {
        await remove(path);
        return fail(problem);
      }
      const uploadId = randomUUID();
      keep(uploads, uploadId, { path, fileName: safeName(fileName), contentType: '' });
      return ok({ uploadId, path });
    },
    uploaded(uploadId) {
      const waiting = uploads.get(uploadId);
      return waiting === undefined ? null : { path: waiting.file.path, fileName: waiting.file.fileName };
    },
    async release(uploadId) {
      const waiting = uploads.get(uploadId);
      if (waiting === undefined) return;
      uploads.delete(uploadId);
      clearTimeout(waiting.timer);
      await remove(waiting.file.path);
    },
    async close() {
      for (const { timer } of [...downloads.values(), ...uploads.values()]) clearTimeout(timer);
      downloads.clear();
      uploads.clear();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function write(content: Readable, path: string, maxBytes: number): Promise<AppError | undefined> {
  let bytes = 0;
  const limit = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > maxBytes) done(new Error('too large'));
      else done(null, chunk);
    },
  });
  const file = createWriteStream(path, { mode: 0o600 });
  // What breaks off at once is over before the file is open, which would come back after it was removed.
  const closed = new Promise<void>((resolve) => file.once('close', resolve));
  try {
    // A request that is destroyed takes its connection with it, and the answer that it is too large.
    const pieces = content.iterator({ destroyOnReturn: false });
    await pipeline(pieces, limit, file);
    return undefined;
  } catch {
    return bytes > maxBytes ? tooLarge(maxBytes) : brokenOff;
  } finally {
    await closed;
  }
}

/** Only the last part of a name, without what file systems or headers stumble over. */
function safeName(fileName: string): string {
  const name = basename(fileName.replaceAll('\\', '/'))
    .replace(/[\u0000-\u001f\u007f<>:"|?*]/g, '')
    .slice(-200);
  return name === '' || name === '.' || name === '..' ? 'file' : name;
}

const tooLarge = (maxBytes: number): AppError => ({
  code: 'payload_too_large',
  message: `The file is larger than ${Math.floor(maxBytes / 1024 ** 2)} MB.`,
  action: 'Split it into several files.',
});
const brokenOff: AppError = {
  code: 'connection_lost',
  message: 'The upload broke off before the file was complete.',
  action: 'Send it again.',
};
const tooMany: AppError = {
  code: 'rate_limited',
  message: 'Too many uploaded files wait to be imported.',
  action: 'Import them, or wait an hour.',
  retryAfterMs: 60_000,
};

import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import type { FileSource } from '@shared/contract/imports';
import type { Attachment } from '@shared/contract/message';
import { base64Bytes, MAX_EMAIL_BYTES } from '@shared/domain/email-types';
import { fail, ok, type AppError, type Result } from '@shared/errors';
import type { Actor } from '@shared/rpc/define';
import { transaction, type Database } from '../../database/database';
import type { FileExchange } from '../../files/exchange';
import { createAttachmentRepository } from './repository';

/** A value of this size is no burden for PGlite, which holds it several times over while it is written. */
const PART_BYTES = 512 * 1024;
/** A draft that is written for longer has to have its files added again. */
const UNUSED_DAYS = 30;

const TYPES: Readonly<Record<string, string>> = {
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain',
  '.csv': 'text/csv',
  '.html': 'text/html',
  '.ics': 'text/calendar',
  '.json': 'application/json',
  '.zip': 'application/zip',
  '.doc': 'application/msword',
  '.docx': 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  '.xls': 'application/vnd.ms-excel',
  '.xlsx': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  '.pptx': 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  '.mp3': 'audio/mpeg',
  '.mp4': 'video/mp4',
};

export interface AttachmentDependencies {
  readonly database: Database;
  readonly files: Pick<FileExchange, 'uploaded' | 'release'>;
}

export interface AttachmentService {
  /** Keeps a file for an email that is being written. Its name and type stand in the message, its bytes here. */
  attach(source: FileSource, actor: Actor): Promise<Result<Attachment>>;
}

export function createAttachmentService({ database, files }: AttachmentDependencies): AttachmentService {
  const keep = async (path: string, name: string, actor: Actor): Promise<Result<Attachment>> => {
    const read = await readBounded(path, name);
    if (!read.ok) return read;
    const content = read.value;
    const sha256 = createHash('sha256').update(content).digest('hex');
    await transaction(database, async (trx) => {
      const repository = createAttachmentRepository(trx);
      await repository.removeUnused(actor.organizationId, UNUSED_DAYS);
      if (!(await repository.insert(actor.organizationId, sha256, content.length))) {
        return repository.touch(actor.organizationId, sha256);
      }
      for (let partNo = 0; partNo * PART_BYTES < content.length; partNo += 1) {
        const part = content.subarray(partNo * PART_BYTES, (partNo + 1) * PART_BYTES);
        await repository.insertPart(actor.organizationId, sha256, partNo, part);
      }
    });
    const contentType = TYPES[extname(name).toLowerCase()] ?? 'application/octet-stream';
    return ok({ sha256, fileName: name, contentType, sizeBytes: content.length });
  };

  return {
    async attach(source, actor) {
      if (source.kind === 'path') return keep(source.path, nameOf(source.path), actor);
      const upload = files.uploaded(source.uploadId);
      if (upload === null) return fail(gone);
      const kept = await keep(upload.path, nameOf(upload.fileName), actor);
      await files.release(source.uploadId);
      return kept;
    },
  };
}

async function readBounded(path: string, name: string): Promise<Result<Buffer>> {
  const found = await stat(path).catch(() => null);
  if (found === null || !found.isFile()) return fail(unreadable(name));
  if (found.size === 0) return fail(empty(name));
  if (base64Bytes(found.size) > MAX_EMAIL_BYTES) return fail(tooLarge(name));
  return readFile(path).then(ok, () => fail(unreadable(name)));
}

/** The last part, without what would end a header. */
const nameOf = (path: string): string =>
  basename(path)
    .replace(/[\u0000-\u001f\u007f"\\]/g, '')
    .slice(-200) || 'file';

const unreadable = (name: string): AppError => ({
  code: 'file_rejected',
  reason: 'not-readable',
  message: `The file ${name} cannot be read.`,
  action: 'Choose it again.',
});
const empty = (name: string): AppError => ({
  code: 'file_rejected',
  reason: 'not-readable',
  message: `The file ${name} is empty.`,
  action: 'Choose another one.',
});
const tooLarge = (name: string): AppError => ({
  code: 'payload_too_large',
  message: `${name} is too large for an email: 30 MB of files become the 40 MB that a provider takes.`,
  action: 'Send a link to it instead.',
});
const gone: AppError = {
  code: 'not_found',
  message: 'The uploaded file is not there any more.',
  action: 'Choose it again.',
  what: 'file',
  id: 'upload',
};

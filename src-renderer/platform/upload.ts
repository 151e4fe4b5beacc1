import { z } from 'zod';
import { type FileSource, MAX_IMPORT_BYTES } from '@shared/contract/imports';
import { type AppError, fail, ok, type Result } from '@shared/errors';
import { detectConnection } from './bridge';
import type { GivenFile } from './files';
import { sessionToken } from './session-token';

const Uploaded = z.object({ uploadId: z.uuid() });
const Refused = z.object({ error: z.string(), action: z.string().optional() });

/** Where main finds a file: at its path, or, from a browser, after an upload. */
export const sourceOf = async (file: GivenFile): Promise<Result<FileSource>> => {
  if (file.kind === 'path') return ok({ kind: 'path', path: file.path });
  if (file.size > MAX_IMPORT_BYTES) return fail(tooLarge);
  try {
    const response = await fetch('/files', {
      method: 'POST',
      body: await bodyOf(file.file),
      headers: {
        Authorization: `Bearer ${sessionToken()}`,
        'X-File-Name': encodeURIComponent(file.name),
      },
    });
    const body: unknown = await response.json();
    const uploaded = Uploaded.safeParse(body);
    if (response.ok && uploaded.success) return ok({ kind: 'upload', uploadId: uploaded.data.uploadId });
    const refused = Refused.safeParse(body);
    return fail(
      refused.success
        ? { code: 'internal', message: refused.data.error, action: refused.data.action }
        : broken,
    );
  } catch {
    // A network error or an answer that is no JSON: either way the file did not arrive.
    return fail(broken);
  }
};

/**
 * A browser streams a file from the disk. In the desktop window only a file without a path comes here, one
 * dragged out of a mail or a page, and the app's own scheme is handed the bytes: a blob would arrive empty.
 */
const bodyOf = (file: File): Promise<ArrayBuffer> | File =>
  detectConnection().kind === 'desktop' ? file.arrayBuffer() : file;

/** Told before gigabytes are read and sent. */
const tooLarge: AppError = {
  code: 'payload_too_large',
  message: 'The file is larger than 250 MB.',
  action: 'Split it into several files.',
};

const broken: AppError = {
  code: 'connection_lost',
  message: 'The file could not be uploaded.',
  action: 'Check that the console is still running and try again.',
};

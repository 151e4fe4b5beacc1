import { Busboy, type BusboyHeaders, type BusboyInstance } from '@fastify/busboy';
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { fail, ok, type AppError, type Result } from '@shared/errors';

/** The largest file an import takes, in bytes. */
export const MAX_FILE_BYTES = 250 * 1024 * 1024;
const MAX_FIELD_BYTES = 1024 * 1024;

export interface MultipartUpload {
  readonly uploadId: string;
  readonly fileName: string;
  readonly fields: Readonly<Record<string, string>>;
}

/**
 * Reads `multipart/form-data` with one file and any text fields. The file is streamed to `accept` as
 * it arrives and is never whole in memory.
 */
export const readMultipart = (
  request: IncomingMessage,
  accept: (content: Readable, fileName: string) => Promise<Result<{ uploadId: string }>>,
): Promise<Result<MultipartUpload>> =>
  new Promise((resolve) => {
    const contentType = request.headers['content-type'] ?? '';
    if (!contentType.toLowerCase().startsWith('multipart/form-data')) return resolve(fail(notMultipart));
    const fields: Record<string, string> = {};
    let upload: Promise<Result<{ uploadId: string }>> | null = null;
    let fileName = '';
    let tooLarge = false;

    const parser = createParser(request);
    if (parser === null) return resolve(fail(notMultipart));
    parser.on('field', (name, value) => {
      fields[name] = value;
    });
    parser.on('file', (_field, content, name) => {
      if (upload !== null) {
        content.resume();
        return;
      }
      fileName = name === '' ? 'upload' : name;
      content.once('limit', () => {
        tooLarge = true;
      });
      upload = accept(content, fileName);
    });
    parser.once('error', (error: unknown) => {
      request.unpipe(parser);
      request.resume();
      resolve(fail(brokenUpload(error)));
    });
    parser.once('finish', () => {
      if (upload === null) return resolve(fail(noFile));
      void upload.then((accepted) => {
        if (tooLarge) return resolve(fail(fileTooLarge));
        resolve(accepted.ok ? ok({ uploadId: accepted.value.uploadId, fileName, fields }) : accepted);
      });
    });
    request.once('aborted', () => parser.destroy(new Error('the client hung up')));
    request.pipe(parser);
  });

const createParser = (request: IncomingMessage): BusboyInstance | null => {
  try {
    const headers: BusboyHeaders = {
      ...request.headers,
      'content-type': request.headers['content-type'] ?? '',
    };
    return new Busboy({
      headers,
      limits: { files: 2, fileSize: MAX_FILE_BYTES, fieldSize: MAX_FIELD_BYTES, fields: 20 },
    });
  } catch {
    // The constructor throws on a content type without a boundary.
    return null;
  }
};

const issue = (message: string, action: string): AppError => ({
  code: 'invalid_input',
  message,
  action,
  issues: [{ path: 'file', message }],
});
const notMultipart = issue(
  'The file must come as multipart/form-data.',
  'Send it with the field name "file", for example curl -F file=@contacts.xlsx.',
);
const noFile = issue('There is no file in the request.', 'Send it with the field name "file".');
const fileTooLarge: AppError = {
  code: 'payload_too_large',
  message: 'The file is larger than 250 MB.',
  action: 'Split it into several files.',
};
const brokenUpload = (error: unknown): AppError =>
  issue(
    `The upload could not be read: ${error instanceof Error ? error.message : 'it broke off'}.`,
    'Send it again.',
  );

import { Busboy, type BusboyHeaders, type BusboyInstance } from '@fastify/busboy';
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { MAX_IMPORT_BYTES } from '@shared/contract/imports';
import { fail, ok, type AppError, type Result } from '@shared/errors';

const MAX_FIELD_BYTES = 1024 * 1024;
const MAX_FIELDS = 20;
/** The file with everything that may come beside it. */
const MAX_BODY_BYTES = MAX_IMPORT_BYTES + (MAX_FIELDS + 1) * MAX_FIELD_BYTES;

export interface MultipartUpload {
  readonly uploadId: string;
  readonly fileName: string;
  readonly fields: Readonly<Record<string, string>>;
}

/**
 * Reads `multipart/form-data` with one file and any text fields. The file is streamed to `accept` as
 * it arrives and is never whole in memory; of one that is too large the rest is not read.
 */
export const readMultipart = (
  request: IncomingMessage,
  accept: (content: Readable, fileName: string) => Promise<Result<{ uploadId: string }>>,
): Promise<Result<MultipartUpload>> =>
  new Promise((resolve) => {
    const contentType = request.headers['content-type'] ?? '';
    if (!contentType.toLowerCase().startsWith('multipart/form-data')) return resolve(fail(notMultipart));
    if (Number(request.headers['content-length'] ?? '0') > MAX_BODY_BYTES) return resolve(fail(fileTooLarge));
    const fields: Record<string, string> = {};
    let upload: Promise<Result<{ uploadId: string }>> | null = null;
    let fileName = '';

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
      upload = accept(content, fileName);
      void upload.then((accepted) => {
        if (accepted.ok) return;
        request.unpipe(parser);
        // After 413 the connection is closed; else it is used again, behind what is still on its way.
        if (accepted.error.code !== 'payload_too_large') request.resume();
        resolve(accepted);
      });
    });
    parser.once('error', (error: unknown) => {
      request.unpipe(parser);
      request.resume();
      resolve(fail(brokenUpload(error)));
    });
    parser.once('finish', () => {
      if (upload === null) return resolve(fail(noFile));
      void upload.then((accepted) => {
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
      // One byte more than is accepted: `accept` refuses the file, instead of keeping the first part of it.
      limits: {
        files: 2,
        fileSize: MAX_IMPORT_BYTES + 1,
        fieldSize: MAX_FIELD_BYTES,
        fields: MAX_FIELDS,
      },
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

import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import { protocol } from 'electron';
import { readBundleFile, securityHeaders } from '../files/bundle';
import type { FileExchange } from '../files/exchange';
import { uploadNameOf } from '../files/upload-name';
import { APP_SCHEME, BUNDLE_ORIGIN, originOf } from './origin';

/** Before `ready`: pages of the scheme are secure ones with an origin of their own. */
export const registerAppScheme = (): void =>
  protocol.registerSchemesAsPrivileged([
    { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);

export interface AppProtocolOptions {
  /** The folder of the built renderer. */
  readonly bundleDir: string;
  /** Downloads at `/files/<token>/<name>`; `POST /files` takes in what has no path on this machine. */
  readonly files: Pick<FileExchange, 'resolve' | 'accept'>;
  readonly report: (message: string, error: unknown) => void;
}

/** After `ready`: serves the bundle and the downloads, and nothing else on this machine. */
export const handleAppScheme = (options: AppProtocolOptions): void =>
  protocol.handle(APP_SCHEME, async (request) => {
    try {
      return await answer(request, options);
    } catch (error) {
      options.report(`${new URL(request.url).pathname} could not be served.`, error);
      return plain(500, 'This could not be read.');
    }
  });

/** The answer to one request. Only the bundle's own host: files of the bundle, downloads, and uploads of its own page. */
export const answer = async (
  request: Pick<Request, 'method' | 'url' | 'headers' | 'body'>,
  { bundleDir, files }: Pick<AppProtocolOptions, 'bundleDir' | 'files'>,
): Promise<Response> => {
  if (originOf(request.url) !== BUNDLE_ORIGIN) return plain(404, 'There is nothing here.');
  const { pathname } = new URL(request.url);
  if (request.method === 'POST' && pathname === '/files') return upload(request, files);
  if (request.method !== 'GET') return plain(405, 'Only GET is answered here.');
  if (pathname.startsWith('/files/')) return download(pathname, files);
  const file = await readBundleFile(bundleDir, pathname);
  if (file === null) return plain(404, 'There is nothing here.');
  return new Response(new Uint8Array(file.content), {
    headers: { ...securityHeaders, 'Content-Type': file.contentType, 'Cache-Control': 'no-cache' },
  });
};

const download = (pathname: string, files: Pick<FileExchange, 'resolve'>): Response => {
  const file = files.resolve(pathname);
  if (file === null) return plain(404, 'This file is no longer there. Ask for it again.');
  return new Response(webStream(file.path), {
    headers: {
      ...securityHeaders,
      'Content-Type': file.contentType,
      'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.fileName)}`,
    },
  });
};

/**
 * A file that was dragged from a browser or a mail has no path: its bytes come here. The answer is the same as
 * that of the console in a browser.
 */
const upload = async (
  { headers, body }: Pick<Request, 'headers' | 'body'>,
  files: Pick<FileExchange, 'accept'>,
): Promise<Response> => {
  const origin = headers.get('origin');
  if (origin !== null && origin !== BUNDLE_ORIGIN) return plain(403, 'This upload comes from another page.');
  const content =
    body === null ? Readable.from([]) : Readable.fromWeb(body as NodeReadableStream<Uint8Array>);
  const accepted = await files.accept(content, uploadNameOf(headers.get('x-file-name')));
  if (!accepted.ok) content.destroy();
  return accepted.ok
    ? json(201, { uploadId: accepted.value.uploadId })
    : json(400, { error: accepted.error.message, action: accepted.error.action });
};

const webStream = (path: string): ReadableStream<Uint8Array> => {
  const chunks = createReadStream(path)[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next: IteratorResult<unknown> = await chunks.next();
      if (next.done === true) controller.close();
      else if (next.value instanceof Uint8Array) controller.enqueue(next.value);
    },
    async cancel() {
      await chunks.return?.();
    },
  });
};

const json = (status: number, value: object): Response =>
  Response.json(value, { status, headers: securityHeaders });

const plain = (status: number, text: string): Response =>
  new Response(text, {
    status,
    headers: { ...securityHeaders, 'Content-Type': 'text/plain; charset=utf-8' },
  });

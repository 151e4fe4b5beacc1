import { createReadStream } from 'node:fs';
import { protocol } from 'electron';
import { readBundleFile, securityHeaders } from '../files/bundle';
import type { FileExchange } from '../files/exchange';
import { APP_SCHEME, BUNDLE_ORIGIN, originOf } from './origin';

/** Before `ready`: pages of the scheme are secure ones with an origin of their own. */
export const registerAppScheme = (): void =>
  protocol.registerSchemesAsPrivileged([
    { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);

export interface AppProtocolOptions {
  /** The folder of the built renderer. */
  readonly bundleDir: string;
  /** Downloads at `/files/<token>/<name>`. */
  readonly files: Pick<FileExchange, 'resolve'>;
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

/** The answer to one request. Only GET, only the bundle's own host, only what lies in the bundle. */
export const answer = async (
  request: Pick<Request, 'method' | 'url'>,
  { bundleDir, files }: Pick<AppProtocolOptions, 'bundleDir' | 'files'>,
): Promise<Response> => {
  if (originOf(request.url) !== BUNDLE_ORIGIN) return plain(404, 'There is nothing here.');
  if (request.method !== 'GET') return plain(405, 'Only GET is answered here.');
  const { pathname } = new URL(request.url);
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

const plain = (status: number, text: string): Response =>
  new Response(text, {
    status,
    headers: { ...securityHeaders, 'Content-Type': 'text/plain; charset=utf-8' },
  });

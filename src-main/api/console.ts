import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import type { HttpBindings } from '@hono/node-server';
import { Hono, type MiddlewareHandler } from 'hono';
import { MAX_IMPORT_BYTES } from '@shared/contract/imports';
import { readBundleFile, securityHeaders } from '../files/bundle';
import { uploadNameOf } from '../files/upload-name';
import type { RestDependencies } from './dependencies';
import { requireBearer } from './guard';
import { problem } from './problems';

export interface ConsoleOptions {
  /** The console's own token: not the one of the REST API. */
  readonly token: string;
  /** The renderer's bundle. */
  readonly bundleDir: string;
}

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * The console for a browser on this machine: the bundle is open, it holds nothing; the socket and the
 * uploads need the token; a download has an address that cannot be guessed and works once.
 */
export const consoleRoutes = (
  deps: Pick<RestDependencies, 'acceptUpload' | 'openDownload'>,
  { token, bundleDir }: ConsoleOptions,
): Hono<{ Bindings: HttpBindings }> => {
  const routes = new Hono<{ Bindings: HttpBindings }>();
  routes.use(loopbackOnly);
  routes.use(async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(securityHeaders)) c.header(name, value);
  });

  routes.post('/files', requireOwnOrigin, requireBearer(token), async (c) => {
    if (Number(c.req.header('content-length') ?? '0') > MAX_IMPORT_BYTES)
      return problem(c, {
        code: 'payload_too_large',
        message: 'The file is larger than 250 MB.',
        action: 'Split it into several files.',
      });
    const accepted = await deps.acceptUpload(c.env.incoming, uploadNameOf(c.req.header('x-file-name')));
    return accepted.ok ? c.json({ uploadId: accepted.value.uploadId }, 201) : problem(c, accepted.error);
  });

  routes.get('/files/:token/:name', (c) => {
    const file = deps.openDownload(c.req.path);
    if (file === null) return c.text('This download has expired. Make it again in the console.', 404);
    return c.body(Readable.toWeb(createReadStream(file.path)) as ReadableStream, 200, {
      'Content-Type': file.contentType,
      'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.fileName)}`,
      'Cache-Control': 'no-store',
    });
  });

  routes.get('*', async (c) => {
    const file = await readBundleFile(bundleDir, c.req.path);
    if (file === null) return c.text('There is no such page.', 404);
    const caching = file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache';
    return c.body(new Uint8Array(file.content), 200, {
      'Content-Type': file.contentType,
      'Cache-Control': caching,
    });
  });
  return routes;
};

/** A page that rebinds its own name to this machine sends that name as Host: it gets nothing. */
const loopbackOnly: MiddlewareHandler = async (c, next) => {
  const hostname = new URL(c.req.url).hostname;
  if (LOOPBACK.has(hostname)) return next();
  return c.text('The console is served to this machine only.', 403);
};

const requireOwnOrigin: MiddlewareHandler = async (c, next) => {
  const own = new URL(c.req.url).origin;
  if (c.req.header('origin') === own) return next();
  return problem(c, { code: 'forbidden', message: 'This upload comes from another page.' });
};

import { readFile } from 'node:fs/promises';
import { extname, normalize, resolve, sep } from 'node:path';

/** A file of the renderer's bundle, ready to be served. */
export interface BundleFile {
  readonly content: Buffer;
  readonly contentType: string;
  /** Its name carries a hash of its content: it may be kept for ever. */
  readonly immutable: boolean;
}

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.map': 'application/json; charset=utf-8',
};

/**
 * The content security policy of every page of the console, in its window and in a browser (design,
 * "Security checklist"). Nothing but the bundle itself runs, and nothing is loaded from elsewhere.
 */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Headers that go with every answer, whatever it is. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'Content-Security-Policy': CONTENT_SECURITY_POLICY,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/** The file of the bundle that a URL's path means; null where it is none or would lie outside of it. */
export const readBundleFile = async (root: string, urlPath: string): Promise<BundleFile | null> => {
  const path = pathInside(root, urlPath === '/' ? '/index.html' : urlPath);
  if (path === null) return null;
  const contentType = contentTypes[extname(path).toLowerCase()];
  if (contentType === undefined) return null;
  try {
    return { content: await readFile(path), contentType, immutable: /[/\\]assets[/\\]/.test(path) };
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
};

const pathInside = (root: string, urlPath: string): string | null => {
  let decoded: string;
  try {
    decoded = decodeURIComponent(urlPath);
  } catch {
    // A broken escape names no file.
    return null;
  }
  if (decoded.includes('\0') || decoded.includes('\\') || decoded.split('/').includes('..')) return null;
  const base = resolve(root);
  const path = resolve(base, `.${normalize(`/${decoded}`)}`);
  return path.startsWith(base + sep) ? path : null;
};

const isMissing = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  (error.code === 'ENOENT' || error.code === 'EISDIR' || error.code === 'ENOTDIR');

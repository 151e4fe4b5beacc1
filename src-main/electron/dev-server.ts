import type { Session } from 'electron';

/**
 * The policy for pages of the renderer's dev server, which injects scripts and styles and speaks over a
 * socket of its own. In development only; the built bundle has the strict one.
 */
export const developmentPolicy = (origin: string): string =>
  [
    "default-src 'none'",
    "script-src 'self' 'unsafe-inline'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self' ${origin.replace(/^http/, 'ws')}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

export const relaxForDevServer = (session: Session, origin: string): void =>
  session.webRequest.onHeadersReceived({ urls: [`${origin}/*`] }, ({ responseHeaders }, answer) => {
    answer({
      responseHeaders: { ...responseHeaders, 'Content-Security-Policy': [developmentPolicy(origin)] },
    });
  });

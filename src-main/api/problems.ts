import type { AppError, AppErrorCode } from '@shared/errors';
import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { lingeringBody } from './linger';

/** The HTTP status of each error code. A refusal of the input is the caller's (4xx), the rest is ours (5xx). */
const statusOf: Readonly<Record<AppErrorCode, ContentfulStatusCode>> = {
  invalid_input: 400,
  file_rejected: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  unknown_procedure: 404,
  conflict: 409,
  payload_too_large: 413,
  rate_limited: 429,
  cancelled: 499 as ContentfulStatusCode,
  provider_rejected: 502,
  engine_unavailable: 503,
  database_unavailable: 503,
  background_unavailable: 503,
  connection_lost: 503,
  not_configured: 503,
  timeout: 504,
  internal: 500,
};

/** An error as REST gives it: plain words, the stable code, and the field where one is at fault. */
export const problem = (c: Context, error: AppError): Response => {
  if (error.code === 'rate_limited')
    c.header('Retry-After', String(Math.max(1, Math.ceil(error.retryAfterMs / 1_000))));
  if (error.code === 'unauthorized') c.header('WWW-Authenticate', 'Bearer');
  const body = {
    success: false,
    error: error.message,
    code: error.code,
    ...(error.action === undefined ? {} : { action: error.action }),
    ...(error.code === 'invalid_input' ? { field: error.issues[0]?.path ?? '', issues: error.issues } : {}),
    ...(error.code === 'file_rejected' ? { reason: error.reason } : {}),
  };
  if (error.code === 'payload_too_large') return unread(c, body);
  return c.json(body, statusOf[error.code]);
};

/** The answer to a request whose body is not read to its end: the connection cannot be used again. */
function unread(c: Context, body: object): Response {
  c.header('Connection', 'close');
  const { incoming: request } = c.env as Partial<HttpBindings>;
  if (request === undefined) return c.json(body, 413);
  const answer = Buffer.from(JSON.stringify(body));
  return c.body(lingeringBody(answer, request), 413, {
    'Content-Type': 'application/json',
    'Content-Length': String(answer.length),
  });
}

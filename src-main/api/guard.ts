import { createHash, timingSafeEqual } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { problem } from './problems';

/** Whether two secrets are equal, in a time that does not depend on where they differ. */
export const sameSecret = (given: string, expected: string): boolean => {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
};

/** Lets only requests with `Authorization: Bearer <token>` through. */
export const requireBearer =
  (token: string): MiddlewareHandler =>
  async (c, next) => {
    const header = c.req.header('authorization') ?? '';
    const [scheme, given = ''] = header.split(' ', 2);
    if (scheme?.toLowerCase() === 'bearer' && sameSecret(given, token)) return next();
    return problem(c, {
      code: 'unauthorized',
      message: header === '' ? 'This request carries no token.' : 'The token is not right.',
      action: 'Send the header "Authorization: Bearer <token>" with the token the API was started with.',
    });
  };

export interface RateLimit {
  readonly perSecond: number;
  readonly burst: number;
}

/** A token bucket over all callers of this API; what exceeds it is answered with 429 and when to come again. */
export const limitRate = (
  { perSecond, burst }: RateLimit,
  now: () => number = Date.now,
): MiddlewareHandler => {
  let tokens = burst;
  let last = now();
  return async (c, next) => {
    const at = now();
    tokens = Math.min(burst, tokens + ((at - last) / 1_000) * perSecond);
    last = at;
    if (tokens >= 1) {
      tokens -= 1;
      return next();
    }
    return problem(c, {
      code: 'rate_limited',
      message: 'Too many requests.',
      action: 'Wait as long as Retry-After says.',
      retryAfterMs: ((1 - tokens) / perSecond) * 1_000,
    });
  };
};

import { describe, expect, it } from 'vitest';
import { AppFailure } from '@shared/errors';
import { isTransient } from './query-client';

describe('retry of a query', () => {
  it('is for what may be gone in a moment', () => {
    expect(isTransient(new AppFailure({ code: 'engine_unavailable', message: 'Redis is away.' }))).toBe(true);
  });

  it('is not for an answer, nor for a fault of our own', () => {
    expect(isTransient(new AppFailure({ code: 'forbidden', message: 'Not allowed.' }))).toBe(false);
    expect(isTransient(new Error('bug'))).toBe(false);
  });
});

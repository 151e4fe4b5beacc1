import type { Random } from './random';

/** What happens to the machines, once a share of all messages has been asked for. */
export interface Disturbance {
  readonly kind: string;
  /** From 0 to 1. */
  readonly at: number;
  /** ms until what was ended is there again. */
  readonly awayMs: number;
}

export const SHARED_KINDS = [
  'kill-worker-0',
  'kill-worker-1',
  'kill-app',
  'kill-redis',
  'restart-redis',
  'kill-postgres',
  'restart-postgres',
  'end-database-sessions',
] as const;
export const EMBEDDED_KINDS = ['kill-background', 'kill-background', 'kill-app'] as const;

/** Every kind once, and some twice in a longer run, at random points in a random order. */
export function disturbancesOf(kinds: readonly string[], recipients: number, random: Random): Disturbance[] {
  const rounds = Math.min(5, Math.max(1, Math.round(recipients / 10_000)));
  const all = random.shuffled(Array.from({ length: rounds }, () => kinds).flat());
  const points = all.map(() => 0.03 + random.next() * 0.9).sort((a, b) => a - b);
  return all.map((kind, n) => ({ kind, at: points[n] ?? 1, awayMs: random.whole(100, 1_500) }));
}

/**
 * When a figure becomes an alert and when it is over. Pure: a state, a reading and the time give the next state.
 * A missing reading is neither good nor bad: it lets no alert begin and none end.
 */

/** What one subject of a rule is held against. */
export interface AlertLimits {
  /** A reading of this or more is a breach. Above 0. */
  readonly threshold: number;
  /** How long the breach has to be seen before it is an alert, in ms. */
  readonly forMs: number;
  /** How long the reading has to be clearly below before the alert is over, in ms. */
  readonly clearMs: number;
}

interface Step {
  /** When this state was reached or confirmed, in ms since 1970. */
  readonly at: number;
  /** Whether there was a reading then. */
  readonly known: boolean;
  readonly value: number | null;
}

export type AlertState =
  | (Step & { readonly phase: 'ok' })
  | (Step & {
      readonly phase: 'pending';
      /** When the breach was seen first. */
      readonly since: number;
      /** How long it was seen: time without a reading is left out. */
      readonly heldMs: number;
      readonly peak: number;
    })
  | (Step & {
      readonly phase: 'firing';
      readonly since: number;
      readonly firedAt: number;
      /** The highest reading so far. */
      readonly peak: number;
      /** How long it was seen clearly below the threshold, without a break. */
      readonly clearedMs: number;
    });

export interface AlertStep {
  readonly state: AlertState;
  readonly event: 'fired' | 'resolved' | null;
}

/** An alert is over below this share of its threshold: a figure that dances on the line is one alert and not ten. */
export const CLEAR_SHARE = 0.9;
/** A longer time between two looks was not watched, as on a machine that slept. */
export const MAX_GAP_MS = 60_000;

/** Nothing is known yet. */
export const unwatched = (at: number): AlertState => ({ phase: 'ok', at, known: false, value: null });

/** An alert that was there before this watch began: another console or an earlier run saw it begin. */
export const alreadyFiring = (
  at: number,
  before: { readonly since: number; readonly firedAt: number; readonly peak: number },
): AlertState => ({ phase: 'firing', at, known: false, value: null, clearedMs: 0, ...before });

/** The state after a look at `now`; `reading` is null where the figure is not known. */
export function stepAlert(
  before: AlertState,
  reading: number | null,
  limits: AlertLimits,
  now: number,
): AlertStep {
  const step: Step = { at: now, known: reading !== null, value: reading };
  if (reading === null) return { state: { ...before, at: now, known: false, value: null }, event: null };
  const gap = Math.max(0, now - before.at);
  /** Time that was watched from the last look to this one. */
  const watched = before.known && gap <= MAX_GAP_MS ? gap : 0;
  const isBreach = reading >= limits.threshold;

  if (before.phase === 'firing') {
    const peak = Math.max(before.peak, reading);
    const isClear = reading < limits.threshold * CLEAR_SHARE;
    if (!isClear) return { state: { ...before, ...step, peak, clearedMs: 0 }, event: null };
    // From the first clear look on: the time before it was not clear.
    const wasClear = before.value !== null && before.value < limits.threshold * CLEAR_SHARE;
    const clearedMs = wasClear ? before.clearedMs + watched : 0;
    if (clearedMs >= limits.clearMs && (wasClear || limits.clearMs === 0))
      return { state: { ...step, phase: 'ok' }, event: 'resolved' };
    return { state: { ...before, ...step, peak, clearedMs }, event: null };
  }

  if (!isBreach) return { state: { ...step, phase: 'ok' }, event: null };
  const pending =
    before.phase === 'pending'
      ? { since: before.since, heldMs: before.heldMs + watched, peak: Math.max(before.peak, reading) }
      : { since: now, heldMs: 0, peak: reading };
  if (pending.heldMs < limits.forMs) return { state: { ...step, phase: 'pending', ...pending }, event: null };
  const { since, peak } = pending;
  return { state: { ...step, phase: 'firing', since, firedAt: now, peak, clearedMs: 0 }, event: 'fired' };
}

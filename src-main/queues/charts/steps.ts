import { FINE_MINUTES, type ChartWindow } from '@shared/contract/charts';
import { METRICS_DAYS } from '@shared/contract/health';
import { AppFailure } from '@shared/errors';
import { NAMES_SIZE } from '../name-rings';
import type { KeptStep } from '../repository';

/** A stretch of time in equal steps; seconds since 1970. */
export interface Steps {
  readonly start: number;
  /** After the last step. */
  readonly end: number;
  readonly stepSeconds: number;
}

/** More points than this no screen can show apart. */
const MOST_POINTS = 400;
const KEPT_STEPS = [60, 300, 1_800, 7_200, 21_600] as const satisfies readonly KeptStep[];
const LONGEST_STEP = 21_600;
const SHORTEST_SECONDS = 60;
/** Memory reaches back an hour, for names half of it; some of that is left for the time that a call takes. */
const FINE_FOR = { queue: 3_500, name: NAMES_SIZE.seconds - 100 } as const;

export interface StepsWanted {
  readonly window: ChartWindow;
  readonly isNamed: boolean;
  /** Part of it is not in memory: what lies a day back, or before this console began, is kept by minutes only. */
  readonly isKept: boolean;
}

/** The steps that a window is drawn in: as fine as what is kept allows, and at most 400. */
export const stepsOf = ({ window, isNamed, isKept }: StepsWanted, nowMs: number): Steps => {
  const now = Math.floor(nowMs / 1_000);
  const [from, to] = limitsOf(window, now);
  const seconds = to - from;
  const fine = isNamed ? 10 : seconds <= 900 ? 5 : 10;
  const isRecent = now - from <= FINE_FOR[isNamed ? 'name' : 'queue'] && seconds <= FINE_MINUTES * 60;
  const stepSeconds =
    isRecent && !isKept ? fine : (KEPT_STEPS.find((step) => seconds / step <= MOST_POINTS) ?? LONGEST_STEP);
  const end = Math.ceil(to / stepSeconds) * stepSeconds;
  const start =
    window.kind === 'last'
      ? end - Math.ceil(seconds / stepSeconds) * stepSeconds
      : Math.floor(from / stepSeconds) * stepSeconds;
  return { start, end, stepSeconds };
};

export const isKeptStep = (seconds: number): seconds is KeptStep =>
  (KEPT_STEPS as readonly number[]).includes(seconds);

const limitsOf = (window: ChartWindow, now: number): readonly [number, number] => {
  // The running second belongs to what is shown.
  if (window.kind === 'last') return [now + 1 - window.minutes * 60, now + 1];
  const oldest = now - METRICS_DAYS * 86_400;
  const to = Math.min(now + 1, Math.ceil(Date.parse(window.to) / 1_000));
  const from = Math.max(oldest, Math.floor(Date.parse(window.from) / 1_000));
  if (to - from < SHORTEST_SECONDS) {
    const message = 'A chart shows at least a minute of the last 90 days.';
    throw new AppFailure({
      code: 'invalid_input',
      message,
      action: 'Choose a longer time.',
      issues: [{ path: 'window', message }],
    });
  }
  return [from, to];
};

export interface DurationParts {
  readonly days: number;
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
  readonly milliseconds: number;
}

/** A duration in milliseconds as whole parts, each below the next unit. Negative durations count as 0. */
export function durationParts(ms: number): DurationParts {
  const total = Number.isFinite(ms) ? Math.max(0, Math.round(ms)) : 0;
  return {
    days: Math.floor(total / 86_400_000),
    hours: Math.floor(total / 3_600_000) % 24,
    minutes: Math.floor(total / 60_000) % 60,
    seconds: Math.floor(total / 1_000) % 60,
    milliseconds: total % 1_000,
  };
}

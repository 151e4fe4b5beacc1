import { DateTime, Duration } from '@renderer/ui';

/** A moment of a job, or nothing where it has not come. */
export const moment = (instant: string | null) =>
  instant === null ? null : <DateTime at={Date.parse(instant)} />;

/** The time between two moments of a job, or nothing where one of them has not come. */
export const between = (from: string | null, to: string | null) =>
  from === null || to === null ? null : <Duration ms={Math.max(0, Date.parse(to) - Date.parse(from))} />;

import { z } from 'zod';
import { callingCodeOf, PHONE_ZONES } from './phone-zones';
import { isTimeZone } from './schedule-wording';
import { instantOf, wallClock } from './zoned-time';

const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'A time such as 21:00.');

/** The hours in which recipients are left alone, by their own clocks; over midnight where `from` is the later. */
export const QuietHours = z.object({
  from: TimeOfDay,
  until: TimeOfDay,
  /** By whose clock for recipients of whom no country is known. Left out: they are written to at any time. */
  timeZone: z.string().max(100).refine(isTimeZone, 'A time zone such as Europe/Berlin.').optional(),
});
export type QuietHours = z.infer<typeof QuietHours>;

export const USUAL_QUIET_HOURS: QuietHours = { from: '21:00', until: '08:00' };

const MINUTE_MS = 60_000;
/** Zones far apart may be quiet in turn; after two days it is given up, and the message goes. */
const GIVE_UP_MS = 2 * 86_400_000;

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

/** When it is not quiet in a zone any more; `at` itself where it is not quiet then. */
function quietUntil(at: number, zone: string, { from, until }: QuietHours): number {
  const start = minutesOf(from);
  const end = minutesOf(until);
  const { year, month, day, hour, minute } = wallClock(at, zone);
  const now = hour * 60 + minute;
  const isQuiet = start <= end ? now >= start && now < end : now >= start || now < end;
  if (!isQuiet) return at;
  // By the clocks of the zone and not by a length of time: they may be changed in the night.
  const date = new Date(Date.UTC(year, month - 1, day + (end <= now ? 1 : 0))).toISOString().slice(0, 10);
  const ends = instantOf(`${date}T${until}`, zone) ?? at;
  // Of an hour that the clocks show twice, `ends` may be the first.
  return ends > at ? ends : at + MINUTE_MS;
}

/**
 * When somebody who is in one of these zones may be written to: `now` where it is quiet in none of them, else the
 * first moment from then on at which it is quiet in none. Without a zone always now.
 */
export function allowedFrom(now: number, zones: readonly string[], quiet: QuietHours): number {
  let at = now;
  while (at - now < GIVE_UP_MS) {
    const next = Math.max(at, ...zones.map((zone) => quietUntil(at, zone, quiet)));
    if (next === at) return at;
    at = next;
  }
  return now;
}

/** Where somebody with a calling code is; '' and codes of no country are where `timeZone` says. */
const zonesIn = (prefix: string, { timeZone }: QuietHours): readonly string[] =>
  PHONE_ZONES.get(prefix) ?? (timeZone === undefined ? [] : [timeZone]);

/**
 * Every calling code, and '' for all others where there is a zone for them, with when it stops being quiet there;
 * null where it is not quiet now.
 */
export function placesAt(now: number, quiet: QuietHours): { prefix: string; until: number | null }[] {
  const prefixes = quiet.timeZone === undefined ? [...PHONE_ZONES.keys()] : [...PHONE_ZONES.keys(), ''];
  return prefixes.map((prefix) => {
    const until = allowedFrom(now, zonesIn(prefix, quiet), quiet);
    return { prefix, until: until > now ? until : null };
  });
}

/** Recipients with one calling code. */
export interface PlaceShare {
  readonly prefix: string;
  readonly recipients: number;
}

/** As many characters of a phone as the longest calling code has. */
export const PLACE_CODE_LENGTH = 5;

/** Adds up the beginnings of phones by their calling code, the most first; '' where it is none. */
export function byCallingCode(
  starts: readonly { readonly start: string; readonly recipients: number }[],
): PlaceShare[] {
  const counts = new Map<string, number>();
  for (const { start, recipients } of starts) {
    const prefix = callingCodeOf(start) ?? '';
    counts.set(prefix, (counts.get(prefix) ?? 0) + recipients);
  }
  return [...counts]
    .map(([prefix, recipients]) => ({ prefix, recipients }))
    .sort((a, b) => b.recipients - a.recipients || a.prefix.localeCompare(b.prefix));
}

export interface Forecast {
  /** When the last one has been sent; null where the rate is 0. */
  readonly finishAt: number | null;
  /** Who has to wait at the start because it is quiet where they are. */
  readonly waiting: number;
}

export interface Pace {
  readonly startAt: number;
  readonly perSecond: number;
  /** Recipients of other campaigns that the sender has before these. */
  readonly ahead: number;
}

const STEP_MS = 5 * MINUTE_MS;
const FORECAST_LIMIT_MS = 366 * 86_400_000;

/** When a campaign ends that sends at a steady rate and leaves recipients alone in their quiet hours. */
export function forecast(
  places: readonly PlaceShare[],
  { startAt, perSecond, ahead }: Pace,
  quiet: QuietHours | null,
): Forecast {
  const total = places.reduce((sum, { recipients }) => sum + recipients, 0);
  if (perSecond <= 0) return { finishAt: null, waiting: 0 };
  const begin = startAt + (ahead / perSecond) * 1_000;
  if (quiet === null || total === 0) return { finishAt: begin + (total / perSecond) * 1_000, waiting: 0 };
  const open = places.map(({ prefix, recipients }) => ({
    zones: zonesIn(prefix, quiet),
    left: recipients,
    /** Not looked at before this moment. */
    from: begin,
  }));
  const isQuiet =
    (at: number): ((place: (typeof open)[number]) => boolean) =>
    (place) => {
      if (place.from <= at) place.from = allowedFrom(at, place.zones, quiet);
      return place.from > at;
    };
  const waiting = open.filter(isQuiet(begin)).reduce((sum, { left }) => sum + left, 0);
  let at = begin;
  while (at - begin < FORECAST_LIMIT_MS) {
    const hushed = isQuiet(at);
    const ready = open.filter((place) => place.left > 0 && !hushed(place));
    if (ready.length === 0) {
      const later = open.filter(({ left }) => left > 0).map(({ from }) => from);
      if (later.length === 0) return { finishAt: at, waiting };
      at = Math.min(...later);
      continue;
    }
    let room = (STEP_MS / 1_000) * perSecond;
    for (const place of ready) {
      const sent = Math.min(place.left, room);
      place.left -= sent;
      room -= sent;
    }
    at += STEP_MS - (room / perSecond) * 1_000;
  }
  return { finishAt: null, waiting };
}

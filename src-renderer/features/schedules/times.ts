/** An instant on the clocks of a zone, as people read it: "Mon, 30 Nov 2026, 09:00 GMT+1". */
export const timeIn = (at: number | string, timeZone: string, locale: string): string =>
  new Intl.DateTimeFormat(locale, {
    timeZone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  }).format(typeof at === 'string' ? Date.parse(at) : at);

/** The instant at which the clocks of a zone show this (`2026-11-30T09:00`); null where the text is no time. */
export function instantOf(shown: string, timeZone: string): number | null {
  const wall = Date.parse(`${shown}Z`);
  if (Number.isNaN(wall)) return null;
  // Twice: the first guess may lie on the other side of a change of the clocks.
  let instant = wall;
  for (let guess = 0; guess < 2; guess += 1) instant = wall - (wallOf(instant, timeZone) - instant);
  return instant;
}

/** What `<input type="datetime-local">` shows for an instant on the clocks of a zone. */
export const shownIn = (at: number, timeZone: string): string =>
  new Date(wallOf(at, timeZone)).toISOString().slice(0, 16);

function wallOf(instant: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  return Date.parse(`${format.format(instant).replace(' ', 'T')}Z`);
}

/** The IANA zones that this machine knows, its own first. */
export function timeZones(own: string): string[] {
  const known = Intl.supportedValuesOf('timeZone');
  return [...new Set([own, 'UTC', ...known])];
}

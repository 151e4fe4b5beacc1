import { forecast, placesAt, type PlaceShare, type QuietHours } from '@shared/domain/quiet-hours';
import type { Database } from '../../database/database';
import { FASTEST } from '../forecast/pace-of';
import type { CampaignRow } from '../repository';
import { openPlaces } from './repository';

/** Where the recipients are is read again after so many ms: the campaign's page asks ten times a second. */
const KEEP_MS = 5_000;

export interface QuietOutlook {
  readonly etaSeconds: number | null;
  /** Who waits at this moment, and when the first of them may be written to. */
  readonly waiting: number;
  readonly until: Date | null;
}

/** When campaigns end that leave recipients alone in their quiet hours. */
export function createQuietOutlook(database: Database, now: () => number = Date.now) {
  const known = new Map<string, { at: number; places: PlaceShare[] }>();

  const placesOf = async ({ id, channel }: CampaignRow): Promise<PlaceShare[]> => {
    const at = now();
    for (const [other, { at: read }] of known) if (read < at - KEEP_MS) known.delete(other);
    const places = known.get(id)?.places ?? (await openPlaces(database, id, channel));
    if (!known.has(id)) known.set(id, { at, places });
    return places;
  };

  /** `perSecond` is what the sender does while somebody may be written to. Null where it has no quiet hours. */
  return async (row: CampaignRow, perSecond: number): Promise<QuietOutlook | null> => {
    if (row.quietHours === null || row.state !== 'running') return null;
    return outlookOf(await placesOf(row), row.quietHours, Math.min(perSecond, FASTEST), now());
  };
}

function outlookOf(
  places: readonly PlaceShare[],
  quiet: QuietHours,
  perSecond: number,
  now: number,
): QuietOutlook {
  const { finishAt, waiting } = forecast(places, { startAt: now, perSecond, ahead: 0 }, quiet);
  const here = new Set(places.map(({ prefix }) => prefix));
  const ends = placesAt(now, quiet).flatMap(({ prefix, until }) =>
    until !== null && here.has(prefix) ? [until] : [],
  );
  return {
    etaSeconds: finishAt === null ? null : Math.ceil((finishAt - now) / 1_000),
    waiting,
    until: waiting > 0 && ends.length > 0 ? new Date(Math.min(...ends)) : null,
  };
}

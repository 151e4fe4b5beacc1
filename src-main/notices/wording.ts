import type { CampaignSummary } from '@shared/contract/campaigns';
import type { ImportSummary } from '@shared/contract/imports';
import { isSettled, isSuccessful, DELIVERY_STATES } from '@shared/domain/delivery';

/** A few words outside the console's window. */
export interface Notice {
  readonly title: string;
  readonly body: string;
  /** The address of the screen that a click shows. */
  readonly to: string;
}

const number = (count: number): string => count.toLocaleString('en-GB');
/** "3 rejected · 1 skipped"; what is zero is left out. */
const parts = (...counted: readonly (readonly [count: number, word: string])[]): string =>
  counted
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${number(count)} ${word}`)
    .join(' · ');

/** How a campaign ended; null where its end is no news, as for one that somebody cancelled. */
export const campaignNotice = (campaign: CampaignSummary): Notice | null => {
  const to = `/${campaign.channel === 'email' ? 'emails' : 'campaigns'}?id=${campaign.id}`;
  if (campaign.state === 'failed') {
    return { title: `“${campaign.name}” has failed`, body: campaign.problem ?? 'Open it to see why.', to };
  }
  if (campaign.state !== 'completed') return null;
  const { counts, recipients } = campaign;
  const arrived = DELIVERY_STATES.filter(isSuccessful).reduce((sum, state) => sum + counts[state], 0);
  const rest = parts(
    [counts.failed, 'failed'],
    [counts.unknown, 'unconfirmed'],
    [counts.skipped, 'skipped'],
    [counts.cancelled, 'cancelled'],
  );
  const sent = `${number(arrived)} of ${number(recipients)} sent`;
  return { title: `“${campaign.name}” has ended`, body: rest === '' ? sent : `${sent} · ${rest}`, to };
};

/** How an import ended; null where its end is no news. */
export const importNotice = (one: ImportSummary): Notice | null => {
  const to = `/import?id=${one.id}`;
  if (one.state === 'failed') {
    return { title: `${one.fileName} was not imported`, body: one.problem ?? 'Open it to see why.', to };
  }
  if (one.state !== 'completed') return null;
  const { inserted, updated, skipped, rejected } = one.totals;
  const totals = parts(
    [inserted, 'added'],
    [updated, 'updated'],
    [skipped, 'skipped'],
    [rejected, 'rejected'],
  );
  return { title: `${one.fileName} is imported`, body: totals === '' ? 'It had no rows.' : totals, to };
};

/** Work that is under way: `done` of `total` items. */
export interface Work {
  readonly done: number;
  readonly total: number;
}

/** Null where nothing moves: not begun, paused, or over. */
export const campaignWork = ({ state, counts, recipients }: CampaignSummary): Work | null => {
  if (state !== 'running') return null;
  const done = DELIVERY_STATES.filter(isSettled).reduce((sum, each) => sum + counts[each], 0);
  return { done, total: recipients };
};

/** Null where nothing moves or the number of rows is not known yet. */
export const importWork = ({ state, totals }: ImportSummary): Work | null => {
  if (state !== 'running' || totals.read === null) return null;
  return { done: totals.inserted + totals.updated + totals.skipped + totals.rejected, total: totals.read };
};

/** All that is under way as one bar, 0 to 1; null for none. */
export const fractionOf = (works: readonly Work[]): number | null => {
  const total = works.reduce((sum, work) => sum + work.total, 0);
  return total === 0 ? null : works.reduce((sum, work) => sum + work.done, 0) / total;
};

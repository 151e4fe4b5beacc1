import { z } from 'zod';
import type { DeliveryDetail, DeliveryStep } from '@shared/contract/campaigns';
import type { Channel } from '@shared/contract/templates';
import { asRead } from './as-read';
import { prepareMessage } from './message';
import { explain, OWN_CODES } from './reasons';
import type { CampaignRow } from './repository';
import type { DeliveryEvent, DeliveryRecord } from './reports/repository';
import { deliveryOf } from './view';

const EventDetail = z.object({
  code: z.string().nullish(),
  message: z.string().nullish(),
  as: z.enum(['sent', 'failed']).optional(),
});

/** What is known of one recipient: what they get, and what happened, oldest first. */
export function deliveryDetailOf(campaign: CampaignRow, delivery: DeliveryRecord): DeliveryDetail {
  const prepared = prepareMessage(campaign.message);
  const read = prepared.ok ? asRead(prepared.value, delivery.parameters) : null;
  // Of a template whose approved text is not known here, what was filled into it.
  const filled = read?.parameters.map(({ text }) => text).join('\n') ?? '';
  return {
    ...deliveryOf(campaign, delivery),
    subject: read?.subject ?? null,
    text: read === null ? campaign.message.body : read.text === '' ? filled : read.text,
    parameters: { ...delivery.parameters },
    timeline: timelineOf(campaign.channel, delivery),
  };
}

function timelineOf(channel: Channel, delivery: DeliveryRecord): DeliveryStep[] {
  const marks = [
    { at: delivery.frozenAt, event: 'frozen' },
    { at: delivery.sendingAt, event: 'sending' },
    { at: delivery.acceptedAt, event: 'accepted' },
  ].flatMap(({ at, event }) => (at === null ? [] : [{ at, event, detail: null }]));
  const told = delivery.events.map((each) => ({
    at: each.at,
    ...eventOf(each),
    detail: detailOf(channel, each),
  }));
  return [...marks, ...told]
    .sort((a, b) => a.at.getTime() - b.at.getTime())
    .map(({ at, event, detail }) => ({ at: at.toISOString(), event, detail }));
}

/** Of what is tried again, whether it was refused or only its answer was lost: that is asked for under the same key. */
function eventOf({ event, detail }: DeliveryEvent): { event: string } {
  const lost = event === 'retry_wait' && EventDetail.safeParse(detail).data?.code === OWN_CODES.noAnswer;
  return { event: lost ? 'asked_again' : event };
}

function detailOf(channel: Channel, { detail, by }: DeliveryEvent): string | null {
  const parsed = EventDetail.safeParse(detail);
  if (!parsed.success) return null;
  const { code, message, as } = parsed.data;
  const who = by ?? 'An operator';
  if (as !== undefined) return as === 'sent' ? `${who}: it arrived.` : `${who}: it did not arrive.`;
  return code == null ? (message ?? null) : explain(channel, code, message ?? null).reason;
}

import type { z } from 'zod';
import type { RenderedRecipient as RenderedRecipientShape } from '@shared/contract/campaigns';
import { ContactId } from '@shared/domain/ids';
import { asRead } from './as-read';
import type { AudienceRecipient } from './audience/repository';
import type { PreparedMessage } from './message';

export type RenderedRecipient = z.infer<typeof RenderedRecipientShape>;

const WHY: Readonly<Record<AudienceRecipient['pick'], RenderedRecipient['why']>> = {
  missing: 'value missing',
  bad: 'not allowed in a template',
  longest: 'longest',
  blank: 'empty value',
  emoji: 'emoji',
  rtl: 'right to left',
  sample: null,
};

/** Each recipient once, the worst cases first. */
export function rendered(
  recipients: readonly AudienceRecipient[],
  prepared: PreparedMessage,
  limit: number,
): RenderedRecipient[] {
  const once = new Map<string, RenderedRecipient>();
  for (const one of recipients) {
    if (once.has(one.recipient)) continue;
    once.set(one.recipient, {
      contactId: one.contactId === null ? null : ContactId.parse(one.contactId),
      recipient: one.recipient,
      name: one.name,
      ...asRead(prepared, one.parameters),
      missing: [...one.missing],
      why: WHY[one.pick],
    });
  }
  return [...once.values()].slice(0, limit);
}

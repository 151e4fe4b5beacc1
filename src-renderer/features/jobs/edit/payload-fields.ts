import { EmailType } from '@shared/domain/jobs';
import type { AdsappQueue } from '@shared/domain/queues';

/** How a field of a payload is asked for. */
export interface PayloadFieldShape {
  readonly key:
    | 'campaignId'
    | 'batchNo'
    | 'recipients'
    | 'importId'
    | 'rows'
    | 'templateId'
    | 'version'
    | 'contactIds'
    | 'type'
    | 'label';
  /** `count` may be empty where the rules allow null. */
  readonly kind: 'text' | 'count' | 'count-or-null' | 'lines' | 'choice';
  readonly choices?: readonly string[];
}

const label = { key: 'label', kind: 'text' } as const;
const batch = [
  { key: 'campaignId', kind: 'text' },
  { key: 'batchNo', kind: 'count-or-null' },
  { key: 'recipients', kind: 'count' },
] as const;

/** What each of ADSapp's queues asks for, besides whom the job belongs to. Checked by the payload's own rules. */
export const payloadFields: Readonly<Record<AdsappQueue, readonly PayloadFieldShape[]>> = {
  'bulk-messages': [...batch, label],
  'contact-import': [{ key: 'importId', kind: 'text' }, { key: 'rows', kind: 'count-or-null' }, label],
  'template-processing': [
    { key: 'templateId', kind: 'text' },
    { key: 'version', kind: 'count' },
    { key: 'contactIds', kind: 'lines' },
    label,
  ],
  'email-notification': [{ key: 'type', kind: 'choice', choices: EmailType.options }, ...batch, label],
};

/** What was filled in, as a payload; an empty label is none. */
export function payloadOf(
  queue: AdsappQueue,
  values: Readonly<Record<string, string>>,
): Record<string, unknown> {
  const data: Record<string, unknown> = {};
  for (const { key, kind } of payloadFields[queue]) {
    const value = (values[key] ?? '').trim();
    if (kind === 'lines') data[key] = value === '' ? [] : value.split(/\s+/);
    else if (kind === 'count-or-null') data[key] = value === '' ? null : Number(value);
    else if (kind === 'count') data[key] = value === '' ? undefined : Number(value);
    else if (value !== '' || key !== 'label') data[key] = value;
  }
  return data;
}

import { jobPayloads } from '@shared/domain/jobs';
import { type AdsappQueue, isAdsappQueue, type QueueName } from '@shared/domain/queues';

const plural = (count: number, one: string, many: string): string =>
  `${count.toLocaleString('en-GB')} ${count === 1 ? one : many}`;

/** "Spring sale · batch 3 · 1,000 recipients"; what is not known is left out. A name keeps its own spelling. */
const line = (label: string | undefined, ...parts: readonly string[]): string => {
  const text = parts.filter((part) => part !== '').join(' · ');
  const named = label?.trim() ?? '';
  return named === '' ? text.charAt(0).toUpperCase() + text.slice(1) : `${named} · ${text}`;
};

const batch = (batchNo: number | null): string =>
  batchNo === null ? 'whole campaign' : `batch ${batchNo + 1}`;
const recipients = (count: number): string => plural(count, 'recipient', 'recipients');

/** What a job is about in a few words; null where its queue or its payload is not one of ours. */
export const jobSubject = (queue: QueueName, data: unknown): string | null => {
  if (!isAdsappQueue(queue)) return null;
  switch (queue) {
    case 'bulk-messages': {
      const parsed = jobPayloads[queue].safeParse(data);
      if (!parsed.success) return null;
      return line(parsed.data.label, batch(parsed.data.batchNo), recipients(parsed.data.recipients));
    }
    case 'email-notification': {
      const parsed = jobPayloads[queue].safeParse(data);
      if (!parsed.success) return null;
      const { type, label } = parsed.data;
      // Every email job is a campaign's: its type says something only where it is another one.
      const kind = type === 'campaign' ? '' : type.replace('_', ' ');
      return line(label, kind, batch(parsed.data.batchNo), recipients(parsed.data.recipients));
    }
    case 'contact-import': {
      const parsed = jobPayloads[queue].safeParse(data);
      if (!parsed.success) return null;
      const { rows, label } = parsed.data;
      return line(label, rows === null ? 'contacts' : plural(rows, 'row', 'rows'));
    }
    case 'template-processing': {
      const parsed = jobPayloads[queue].safeParse(data);
      if (!parsed.success) return null;
      const { label, run, contactIds } = parsed.data;
      const part = run === undefined ? '' : `batch ${run.batchNo + 1}`;
      return line(label, part, plural(run?.contacts ?? contactIds.length, 'contact', 'contacts'));
    }
  }
};

/** How many items a payload stands for: what progress counts. Null where that was not known yet. */
export const itemCount = (queue: AdsappQueue, data: unknown): number | null => {
  switch (queue) {
    case 'bulk-messages':
    case 'email-notification': {
      const parsed = jobPayloads[queue].safeParse(data);
      return parsed.success ? parsed.data.recipients : 0;
    }
    case 'contact-import': {
      const parsed = jobPayloads[queue].safeParse(data);
      return parsed.success ? parsed.data.rows : 0;
    }
    case 'template-processing': {
      const parsed = jobPayloads[queue].safeParse(data);
      return parsed.success ? (parsed.data.run?.contacts ?? parsed.data.contactIds.length) : 0;
    }
  }
};

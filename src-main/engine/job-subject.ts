import { jobPayloads } from '@shared/domain/jobs';
import type { QueueName } from '@shared/domain/queues';

const plural = (count: number, one: string, many: string): string =>
  `${count.toLocaleString('en-GB')} ${count === 1 ? one : many}`;

const batch = (batchNo: number | null, recipients: number): string =>
  batchNo === null
    ? `Whole campaign, ${plural(recipients, 'recipient', 'recipients')}`
    : `Batch ${batchNo + 1}, ${plural(recipients, 'recipient', 'recipients')}`;

/** What a job is about in a few words; null where its payload is not one of ours. */
export const jobSubject = (queue: QueueName, data: unknown): string | null => {
  switch (queue) {
    case 'bulk-messages': {
      const parsed = jobPayloads[queue].safeParse(data);
      return parsed.success ? batch(parsed.data.batchNo, parsed.data.recipients) : null;
    }
    case 'email-notification': {
      const parsed = jobPayloads[queue].safeParse(data);
      if (!parsed.success) return null;
      return `${parsed.data.type.replace('_', ' ')}: ${batch(parsed.data.batchNo, parsed.data.recipients)}`;
    }
    case 'contact-import': {
      const parsed = jobPayloads[queue].safeParse(data);
      return parsed.success ? plural(parsed.data.rows, 'row', 'rows') : null;
    }
    case 'template-processing': {
      const parsed = jobPayloads[queue].safeParse(data);
      return parsed.success ? `For ${plural(parsed.data.contactIds.length, 'contact', 'contacts')}` : null;
    }
  }
};

/** How many items a payload stands for: what progress counts. */
export const itemCount = (queue: QueueName, data: unknown): number => {
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
      return parsed.success ? parsed.data.contactIds.length : 0;
    }
  }
};

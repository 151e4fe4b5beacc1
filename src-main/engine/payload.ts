import type { z } from 'zod';
import { jobPayloads, type JobPayload } from '@shared/domain/jobs';
import { type AdsappQueue, isAdsappQueue, type QueueName } from '@shared/domain/queues';
import { fail, ok, type AppError, type Result } from '@shared/errors';

type Parsers = { readonly [Q in AdsappQueue]: (data: unknown) => z.ZodSafeParseResult<JobPayload<Q>> };
const parsers: Parsers = {
  'bulk-messages': (data) => jobPayloads['bulk-messages'].safeParse(data),
  'contact-import': (data) => jobPayloads['contact-import'].safeParse(data),
  'template-processing': (data) => jobPayloads['template-processing'].safeParse(data),
  'email-notification': (data) => jobPayloads['email-notification'].safeParse(data),
};

/** A payload of this queue, or what is wrong with it, the fields named. */
export const parsePayload = <Q extends AdsappQueue>(queue: Q, data: unknown): Result<JobPayload<Q>> => {
  const parsed = parsers[queue](data);
  return parsed.success ? ok(parsed.data) : fail(invalidPayload(parsed.error));
};

/** As `parsePayload`; of a queue that is not ADSapp's the console does not know what belongs in: any value is good. */
export const parseAnyPayload = (queue: QueueName, data: unknown): Result<unknown> =>
  isAdsappQueue(queue) ? parsePayload(queue, data) : ok(data);

/** Words that stand alone, within a sentence. */
const within = (message: string): string => `${message.slice(0, 1).toLowerCase()}${message.slice(1)}`;

const invalidPayload = (error: z.ZodError): AppError => {
  const issues = error.issues.map(({ path, message }) => ({ path: path.map(String).join('.'), message }));
  const named = issues
    .slice(0, 3)
    .map(({ path, message }) => `${path === '' ? 'data' : path}: ${within(message)}`);
  const more = issues.length > 3 ? `; and ${issues.length - 3} more` : '';
  return {
    code: 'invalid_input',
    message: `The job's data is not what this queue expects: ${named.join('; ')}${more}.`,
    action: 'Mend the producer and add the job again; retrying the same data cannot help.',
    issues,
  };
};

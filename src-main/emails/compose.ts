import { createHash } from 'node:crypto';
import type { EmailContent } from '@shared/contract/message';
import type { PreparedEmail } from '../campaigns/message';
import type { Email } from '../providers/gateway';
import { emailBodies, oneLine } from './bodies';

/** One recipient of a frozen batch. */
export interface EmailRecipient {
  readonly deliveryId: string;
  readonly recipient: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/**
 * The email for one recipient. The same inputs always give the same bytes: an idempotency key stands for them.
 * What a message does not use is left out, so that batches frozen by an earlier version keep their hash.
 */
export function composeEmail(
  prepared: PreparedEmail,
  from: string,
  { deliveryId, recipient, parameters }: EmailRecipient,
): Email {
  const { message } = prepared;
  const unsubscribe = oneLine(prepared.unsubscribe.render(encodeAll(parameters)));
  return {
    to: recipient,
    from: sender(message, from),
    ...emailBodies(prepared, parameters),
    deliveryId,
    ...(message.replyTo === null ? {} : { replyTo: message.replyTo }),
    ...(unsubscribe === '' ? {} : { headers: { 'List-Unsubscribe': `<${unsubscribe}>` } }),
    ...(message.attachments.length === 0
      ? {}
      : {
          attachments: message.attachments.map(({ fileName, contentType, sha256 }) => ({
            fileName,
            contentType,
            sha256,
          })),
        }),
  };
}

/** What a batch's idempotency key stands for: every word, header and file (by its hash) of its emails. */
export function payloadHash(emails: readonly Email[]): string {
  return createHash('sha256').update(JSON.stringify(emails)).digest('hex');
}

/** The address with a name before it, quoted so that nothing in the name can be read as another address. */
function sender({ fromName }: EmailContent, from: string): string {
  const name = oneLine(fromName);
  if (name === '') return from;
  const address = /<([^<>]+)>\s*$/.exec(from)?.[1] ?? from;
  return `"${name.replace(/[\\"]/g, '\\$&')}" <${address}>`;
}

/** Values in an address: what is not a letter, a digit or one of a few signs is percent-encoded. */
const encodeAll = (values: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, encodeURIComponent(value)]));

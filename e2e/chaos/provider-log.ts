import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';

/**
 * What the provider did with a request: `accepted` and answered so; `accepted-unanswered`, the answer was lost
 * (dropped, timed out, a bare 500); `refused` with its own error body; `lost`, it took nothing and answered
 * nothing that says so.
 */
const Verdict = z.enum(['accepted', 'accepted-unanswered', 'refused', 'lost']);

/** One message within a request. */
const Item = z.object({ deliveryId: z.string(), to: z.string(), messageId: z.string() });
export type Item = z.infer<typeof Item>;

/** One line of the provider's log, written before the request is answered. */
export const LoggedRequest = z.object({
  at: z.number(),
  channel: z.enum(['whatsapp', 'email']),
  verdict: Verdict,
  /** The error code of a refusal. */
  code: z.string().nullable(),
  /** Of emails. */
  key: z.string().nullable(),
  payloadHash: z.string(),
  /** The key was used before for the same payload: nothing new was taken. */
  repeated: z.boolean(),
  items: z.array(Item),
});
export type LoggedRequest = z.infer<typeof LoggedRequest>;

/** All that the provider has written down so far; a line that is being written is left out. */
export function readProviderLog(file: string): LoggedRequest[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.slice(0, -1).map((line) => LoggedRequest.parse(JSON.parse(line)));
}

export const isTaken = ({ verdict }: LoggedRequest): boolean =>
  verdict === 'accepted' || verdict === 'accepted-unanswered';

import { placesAt } from '@shared/domain/quiet-hours';
import { stableHash } from '@shared/domain/stable-hash';
import { unwrap } from '@shared/errors';
import type { LedgerRepository } from '../campaigns/ledger/repository';
import { stoppedBecause, type Breaker } from '../campaigns/breaker';
import { prepareMessage, type PreparedEmail } from '../campaigns/message';
import { keepEmailsQuiet } from '../campaigns/quiet/repository';
import type { CampaignRepository, CampaignRow } from '../campaigns/repository';
import type { SenderRepository } from '../campaigns/senders/repository';
import type { Database } from '../database/database';
import type { JobRun } from '../engine/processor';
import type { BatchOutcome, Email } from '../providers/gateway';
import type { Gateways } from '../providers/gateways';
import { takeBatchesApart, timesTakenApart } from './apart/repository';
import type { AttachmentReader } from './attachments/reader';
import { composeEmail, payloadHash, type EmailRecipient } from './compose';
import type { EmailBatch, EmailBatchOutcome, EmailRepository, NewBatch } from './repository';
import { isKeyExpired, judgeBatch, type EmailPause } from './verdict';

/** What freezing and sending a batch works with. */
export interface SendingTools {
  readonly database: Database;
  readonly campaigns: CampaignRepository;
  readonly senders: SenderRepository;
  readonly ledger: Pick<LedgerRepository, 'skipUnwelcome'>;
  readonly emails: EmailRepository;
  readonly attachments: AttachmentReader;
  readonly gateways: Pick<Gateways, 'email'>;
  readonly breaker: Breaker;
  readonly say: (line: string) => void;
}

/** A request is never cut off: one that was begun is waited for, the gateway's own time-out ends it. */
const toTheEnd = (): AbortSignal => new AbortController().signal;

/**
 * The batches to send, in order; recipients that are in none yet are frozen into one first. Nobody who is in quiet
 * hours or opted out meanwhile is in one, unless the provider may have it already.
 */
export async function openBatches(
  { database, ledger, emails }: SendingTools,
  run: JobRun<'email-notification'>,
  campaign: CampaignRow,
  batchNo: number,
  prepared: PreparedEmail,
): Promise<EmailBatch[]> {
  const scope = { campaignId: campaign.id, batchNo };
  const quiet = campaign.quietHours === null ? null : placesAt(Date.now(), campaign.quietHours);
  await takeBatchesApart(database, scope, quiet ?? []);
  const known = await emails.open(scope);
  if (known.length > 0) return known;
  await ledger.skipUnwelcome(scope);
  if (quiet !== null) await keepEmailsQuiet(database, scope, quiet);
  const recipients = await emails.unbatched(scope);
  if (recipients.length === 0) return [];
  const owner = { organizationId: campaign.organizationId, jobId: run.id };
  const round = await timesTakenApart(database, scope);
  await emails.freeze(scope, owner, batchesOf(campaign, { batchNo, round }, prepared, recipients));
  return emails.open(scope);
}

/** One batch of all, or one of each where there are attachments: a provider takes none in batches. */
function batchesOf(
  campaign: CampaignRow,
  { batchNo, round }: { readonly batchNo: number; readonly round: number },
  prepared: PreparedEmail,
  recipients: readonly EmailRecipient[],
): NewBatch[] {
  // A job may have several batches, with quiet hours or where one was taken apart: each is named by who is in it, and
  // by which freezing it is of.
  const who = stableHash(recipients.map(idOf).join());
  const part = round > 0 ? `-${who}-${round}` : campaign.quietHours === null ? '' : `-${who}`;
  const key = `${campaign.id}-${batchNo}${part}`;
  const hash = (members: readonly EmailRecipient[]): string =>
    payloadHash(members.map((member) => composeEmail(prepared, fromOf(campaign), member)));
  if (prepared.message.attachments.length === 0) {
    return [{ key, deliveryIds: recipients.map(idOf), payloadHash: hash(recipients) }];
  }
  return recipients.map((recipient) => ({
    key: `${key}-${recipient.deliveryId}`,
    deliveryIds: [recipient.deliveryId],
    payloadHash: hash([recipient]),
  }));
}

const idOf = ({ deliveryId }: EmailRecipient): string => deliveryId;

/** Sends one batch and writes down what became of it. Answers for how long (ms) the provider wants to be left alone. */
export async function sendBatch(
  tools: SendingTools,
  campaign: CampaignRow,
  { batch, ...scope }: { readonly campaignId: string; readonly batchNo: number; readonly batch: EmailBatch },
  prepared: PreparedEmail,
): Promise<number> {
  const { emails } = tools;
  if (batch.uncertain && isKeyExpired(batch, Date.now())) {
    await emails.giveUp(batch);
    return 0;
  }
  const members = await emails.members(batch);
  const compose = (ids: readonly string[]): Email[] =>
    members
      .filter(({ deliveryId }) => ids.includes(deliveryId))
      .map((member) => composeEmail(prepared, fromOf(campaign), member));
  const payload = compose(batch.deliveryIds);
  if (payloadHash(payload) !== batch.payloadHash) {
    await replaceChanged(tools, { ...scope, batch }, payloadHash(payload));
    return 0;
  }
  const request = await requestOf(tools, campaign, payload);
  if (request === null) {
    await pauseFor(tools, campaign, ATTACHMENT_LOST);
    return 0;
  }
  if (!(await emails.begin(batch))) return 0;
  const answer = await request(batch.key);
  const verdict = judgeBatch(batch, batch.attempts + 1, answer, Date.now());
  if (verdict.type === 'split') {
    await emails.split(
      scope,
      batch,
      halvesOf(batch).map((half) => ({ ...half, payloadHash: payloadHash(compose(half.deliveryIds)) })),
    );
    return 0;
  }
  await emails.record(batch, verdict.outcome);
  if (verdict.pause !== null) await pauseFor(tools, campaign, verdict.pause);
  else await countFailures(tools, campaign, batch, verdict.outcome);
  if (answer.type === 'accepted') return answer.usedUpForMs ?? 0;
  const limited = answer.type === 'rejected' && answer.code === 'rate_limit_exceeded';
  return limited ? (answer.retryAfterMs ?? verdict.outcome.retryInMs ?? 0) : 0;
}

/** Notes the members of a settled batch one by one, and stops the campaign where too many of the last have failed. */
async function countFailures(
  { breaker, campaigns, say }: SendingTools,
  campaign: CampaignRow,
  { deliveryIds }: EmailBatch,
  { state, errorCode }: EmailBatchOutcome,
): Promise<void> {
  if (state === 'retry_wait') return;
  const failures = deliveryIds.map(() => breaker.note(campaign, { state, errorCode })).find(Boolean);
  if (!failures) return;
  const cause = stoppedBecause('email', failures);
  if (await campaigns.pause(campaign.id, cause)) say(`The campaign is paused: ${cause.reason}`);
}

/** How these emails are asked for; null where a file that belongs to them is lost. */
async function requestOf(
  { gateways, attachments }: SendingTools,
  { organizationId }: CampaignRow,
  payload: readonly Email[],
): Promise<((key: string) => Promise<BatchOutcome>) | null> {
  const [only] = payload;
  if (only?.attachments === undefined) {
    return (key) => gateways.email().sendBatch(payload, key, toTheEnd());
  }
  const contents = await attachments(organizationId, only);
  return contents && ((key) => gateways.email().sendSingle(only, contents, key, toTheEnd()));
}

const ATTACHMENT_LOST: EmailPause = {
  sender: false,
  code: 'attachment_lost',
  reason:
    'A file that goes with these emails is not in the database any more, or was changed there. Nothing was sent without it. Cancel this campaign and send the rest with the file added again.',
};

async function pauseFor(
  { campaigns, senders, say }: SendingTools,
  campaign: CampaignRow,
  pause: EmailPause,
): Promise<void> {
  if (pause.sender && campaign.sender !== null)
    await senders.pause(campaign.sender.id, { ...pause, untilMs: null });
  if (await campaigns.pause(campaign.id, { ...pause, resumeInMs: null }))
    say(`The campaign is paused: ${pause.reason}`);
}

/** The sender was changed after a try: a key never stands for two contents. */
async function replaceChanged(
  { emails }: SendingTools,
  { batch, ...scope }: { readonly campaignId: string; readonly batchNo: number; readonly batch: EmailBatch },
  hash: string,
): Promise<void> {
  if (batch.uncertain) return emails.giveUp(batch);
  await emails.split(scope, batch, [
    { key: `${batch.key}.0`, deliveryIds: batch.deliveryIds, payloadHash: hash },
  ]);
}

function halvesOf({ key, deliveryIds }: EmailBatch): { key: string; deliveryIds: readonly string[] }[] {
  const middle = Math.ceil(deliveryIds.length / 2);
  return [
    { key: `${key}.1`, deliveryIds: deliveryIds.slice(0, middle) },
    { key: `${key}.2`, deliveryIds: deliveryIds.slice(middle) },
  ];
}

/** The address it was launched with: a change in Settings must not change what a key stands for. */
export const fromOf = (campaign: CampaignRow): string => campaign.sender?.address ?? '';

/** The campaign's message, compiled. */
export function emailOf(campaign: CampaignRow): PreparedEmail {
  const prepared = unwrap(prepareMessage(campaign.message));
  if (prepared.channel !== 'email') throw new Error(`campaign ${campaign.id} sends no email`);
  return prepared;
}

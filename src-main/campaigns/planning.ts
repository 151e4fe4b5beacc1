import type { z } from 'zod';
import type {
  Audience,
  AudienceEstimate,
  Message,
  RenderedRecipient as RenderedRecipientShape,
} from '@shared/contract/campaigns';
import type { Channel } from '@shared/contract/templates';
import { ContactId } from '@shared/domain/ids';
import { fail, ok, type InputIssue, type Result } from '@shared/errors';
import type { Actor } from '@shared/rpc/define';
import { transaction, type Database } from '../database/database';
import { emailSender, whatsappSender, type SenderIdentity } from '../providers/gateways';
import type { ProviderSettings } from '../background/contract';
import { createAudienceRepository, type AudienceRecipient, type FrozenAudience } from './audience/repository';
import { BATCH_SIZE } from './jobs';
import { compileProblems, contentHash, prepareMessage, type PreparedMessage } from './message';
import { createCampaignRepository } from './repository';
import { createSenderRepository } from './senders/repository';

type RenderedRecipient = z.infer<typeof RenderedRecipientShape>;

export interface LaunchInput {
  readonly name: string;
  readonly audience: Audience;
  readonly message: Message;
  readonly priority: number;
  readonly startAt: Date | null;
  readonly missing: 'refuse' | 'skip';
}

export interface Preview {
  readonly recipients: RenderedRecipient[];
  readonly missing: { variable: string; recipients: number }[];
  readonly tooLong: number;
  readonly reach: number;
  readonly problems: { message: string; line: number; column: number }[];
}

/** The text of a saved template and the version it is of. */
export type TemplateLookup = (
  organizationId: string,
  templateId: string,
) => Promise<{ readonly versionId: string; readonly body: string } | null>;

export interface PlanningDependencies {
  readonly database: Database;
  readonly settings: () => ProviderSettings;
  readonly template: TemplateLookup;
}

/** Everything before the first job: whom it reaches, what they get, and the freeze. */
export function createPlanning({ database, settings, template }: PlanningDependencies) {
  const audiences = createAudienceRepository(database);

  /** A saved template named without a text of its own stands for its current text. */
  const resolve = async (
    organizationId: string,
    message: Message,
  ): Promise<{ message: Message; templateVersionId: string | null }> => {
    if (message.templateId === null) return { message, templateVersionId: null };
    const found = await template(organizationId, message.templateId);
    if (found === null) return { message, templateVersionId: null };
    const body = message.body === '' ? found.body : message.body;
    return { message: { ...message, body }, templateVersionId: found.versionId };
  };

  return {
    async estimate(organizationId: string, audience: Audience, channel: Channel): Promise<AudienceEstimate> {
      const counts = await audiences.count({ organizationId, audience, channel });
      return { ...counts, durationSeconds: counts.sendable / ratePerSecond(settings(), channel) };
    },

    async preview(
      organizationId: string,
      audience: Audience,
      given: Message,
      limit: number,
    ): Promise<Preview> {
      const { message } = await resolve(organizationId, given);
      const problems = [
        ...(message.channel === 'email' ? compileProblems(message.subject) : []),
        ...compileProblems(message.body),
      ].map(({ message: words, line, column }) => ({ message: words, line, column }));
      const prepared = prepareMessage(message);
      if (!prepared.ok) return { recipients: [], missing: [], tooLong: 0, reach: 0, problems };
      const scope = { organizationId, audience, channel: message.channel };
      const check = await audiences.check(scope, prepared.value, limit);
      return {
        recipients: rendered(check.recipients, prepared.value, limit),
        missing: [...check.missing],
        tooLong: check.tooLong,
        reach: check.reach,
        problems,
      };
    },

    /** Writes campaign and ledger in one transaction. Nothing is queued yet: the campaign is `launching`. */
    async freeze(
      input: LaunchInput,
      actor: Actor,
    ): Promise<Result<{ campaignId: string; frozen: FrozenAudience }>> {
      const { organizationId } = actor;
      const { message, templateVersionId } = await resolve(organizationId, input.message);
      const prepared = prepareMessage(message);
      if (!prepared.ok) return prepared;
      const scope = { organizationId, audience: input.audience, channel: message.channel };
      const check = await audiences.check(scope, prepared.value, 1);
      const refusal = refuse(check, input.missing, prepared.value);
      if (refusal.length > 0) {
        return fail({
          code: 'invalid_input',
          message: refusal.map((issue) => issue.message).join(' '),
          action: 'Fill the values in, give the variables a fallback, or skip these recipients.',
          issues: refusal,
        });
      }
      const frozen = await transaction(database, async (trx) => {
        const campaigns = createCampaignRepository(trx);
        const senderId = await createSenderRepository(trx).activate(
          organizationId,
          message.channel,
          senderOf(settings(), message.channel),
        );
        const campaignId = await campaigns.insert({
          organizationId,
          name: input.name,
          message,
          audience: input.audience,
          senderId,
          templateVersionId,
          priority: input.priority,
          scheduledAt: input.startAt,
          createdBy: actor.userId,
        });
        const batchSize = BATCH_SIZE[message.channel];
        const result = await createAudienceRepository(trx).freeze(scope, prepared.value, {
          campaignId,
          batchSize,
        });
        if (result.recipients === 0) {
          await campaigns.remove(campaignId);
          return null;
        }
        await campaigns.freeze(campaignId, {
          recipients: result.recipients + result.skipped,
          batchCount: result.batches.length,
          contentHash: contentHash(message, result.hash),
        });
        return { campaignId, frozen: result };
      });
      return frozen === null ? fail(nobody(check.sendable)) : ok(frozen);
    },
  };
}
export type Planning = ReturnType<typeof createPlanning>;

export const senderOf = (settings: ProviderSettings, channel: Channel): SenderIdentity =>
  channel === 'whatsapp' ? whatsappSender(settings) : emailSender(settings);

export const ratePerSecond = (settings: ProviderSettings, channel: Channel): number =>
  channel === 'whatsapp' ? settings.messagesPerSecond : settings.emailsPerSecond;

function refuse(
  check: { readonly missing: readonly { variable: string; recipients: number }[]; readonly tooLong: number },
  missing: 'refuse' | 'skip',
  { maxLength }: PreparedMessage,
): InputIssue[] {
  if (missing === 'skip') return [];
  const lacking = check.missing.map(({ variable, recipients }) => ({
    path: 'message.body',
    message: `${people(recipients)} no value for {{${variable}}}.`,
  }));
  if (check.tooLong === 0) return lacking;
  const limit = maxLength.toLocaleString('en-GB');
  const message = `For ${check.tooLong.toLocaleString('en-GB')} of them the text is longer than ${limit} characters.`;
  return [...lacking, { path: 'message.body', message }];
}

const people = (count: number): string =>
  count === 1 ? '1 recipient has' : `${count.toLocaleString('en-GB')} recipients have`;

const nobody = (sendable: number) => ({
  code: 'invalid_input' as const,
  message: sendable === 0 ? 'This audience reaches nobody.' : 'Every recipient would have to be skipped.',
  action: 'Choose another audience: who opted out, is suppressed or has no address is left out.',
  issues: [{ path: 'audience', message: 'reaches nobody' }],
});

/** Each recipient once, the worst cases first. */
function rendered(
  recipients: readonly AudienceRecipient[],
  { body, subject }: PreparedMessage,
  limit: number,
): RenderedRecipient[] {
  const once = new Map<string, RenderedRecipient>();
  for (const one of recipients) {
    if (once.has(one.contactId)) continue;
    once.set(one.contactId, {
      contactId: ContactId.parse(one.contactId),
      recipient: one.recipient,
      name: one.name,
      subject: subject?.render(one.parameters) ?? null,
      text: body.render(one.parameters),
      missing: [...one.missing],
      why: one.pick === 'missing' ? 'value missing' : one.pick === 'longest' ? 'longest' : null,
    });
  }
  return [...once.values()].slice(0, limit);
}

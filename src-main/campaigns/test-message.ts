import type { Message } from '@shared/contract/message';
import type { Channel } from '@shared/contract/templates';
import { createAddressReader } from '@shared/domain/recipient-list';
import { fail, ok, type Result } from '@shared/errors';
import type { Actor } from '@shared/rpc/define';
import type { ProviderSettings } from '../background/contract';
import { transaction, type Database } from '../database/database';
import { createAudienceRepository, type AudienceRepository } from './audience/repository';
import type { AudienceScope } from './audience/selection/repository';
import type { Draft } from './draft';
import { prepareMessage } from './message';
import { createProofRepository } from './proof/repository';
import { attachmentsGone } from './refusals';
import { createCampaignRepository } from './repository';
import { ratePerSecond, senderOf } from './sender-of';
import { createSenderRepository } from './senders/repository';

export interface TestInput extends Draft {
  readonly to: string;
  readonly recipient?: string | undefined;
}

export interface TestPlanningDependencies {
  readonly database: Database;
  readonly settings: () => ProviderSettings;
  /** How numbers without a country code are read. */
  readonly defaultCountry?: (() => string | null) | undefined;
}

export interface TestPlanningParts {
  readonly audiences: AudienceRepository;
  readonly resolve: (
    organizationId: string,
    message: Message,
  ) => Promise<{ message: Message; templateVersionId: string | null }>;
  readonly lostAttachments: (organizationId: string, message: Message) => Promise<string[]>;
  readonly scopeOf: (organizationId: string, draft: Draft) => AudienceScope;
}

/** Writes a campaign of one message to an address of one's own; see `freeze` of planning.ts. */
export function createTestPlanning(
  deps: TestPlanningDependencies,
  { audiences, resolve, lostAttachments, scopeOf }: TestPlanningParts,
) {
  const { database, settings } = deps;
  return async (
    input: TestInput,
    actor: Actor,
  ): Promise<Result<{ campaignId: string; to: string; valuesOf: string | null }>> => {
    const { organizationId } = actor;
    const { message, templateVersionId } = await resolve(organizationId, input.message);
    const prepared = prepareMessage(message);
    if (!prepared.ok) return prepared;
    const lost = await lostAttachments(organizationId, message);
    if (lost.length > 0) return fail(attachmentsGone(lost));
    const to = addressFor(message.channel, input.to, deps.defaultCountry?.() ?? null);
    if (!to.ok) return to;
    const values = await audiences.valuesOf(scopeOf(organizationId, input), prepared.value, input.recipient);
    const campaignId = await transaction(database, async (trx) => {
      const campaigns = createCampaignRepository(trx);
      const identity = senderOf(settings(), message.channel);
      const senderId = await createSenderRepository(trx).activate(
        organizationId,
        message.channel,
        identity,
        ratePerSecond(settings(), message.channel),
      );
      const id = await campaigns.insert({
        organizationId,
        name: `Test to ${to.value}`,
        message,
        audience: input.audience,
        senderId,
        templateVersionId,
        priority: 1,
        scheduledAt: null,
        createdBy: actor.userId,
        purpose: 'test',
        stopAtFailureShare: null,
      });
      await createAudienceRepository(trx).freezeOne(organizationId, id, {
        recipient: to.value,
        parameters: values?.parameters ?? {},
      });
      await campaigns.freeze(id, {
        recipients: 1,
        batchCount: 1,
        canary: null,
      });
      await createProofRepository(trx).seal(id);
      return id;
    });
    return ok({ campaignId, to: to.value, valuesOf: values?.recipient ?? null });
  };
}

/** An address of the channel, as somebody has typed it. */
function addressFor(channel: Channel, typed: string, defaultCountry: string | null): Result<string> {
  const read = createAddressReader(defaultCountry)(typed);
  const address = channel === 'whatsapp' ? read.phone : read.email;
  if (address !== null) return ok(address);
  const wanted = channel === 'whatsapp' ? 'a phone number' : 'an email address';
  const message = read.problem ?? `“${typed}” is not ${wanted}.`;
  return fail({ code: 'invalid_input', message, issues: [{ path: 'to', message }] });
}

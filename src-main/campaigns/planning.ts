import type { Audience, AudienceEstimate } from '@shared/contract/campaigns';
import type {
  JudgedRecipient,
  PortfolioBudget,
  Preflight,
  RecipientFilter,
  SenderPace,
} from '@shared/contract/audiences';
import type { Message, MessageProblem } from '@shared/contract/message';
import type { Channel } from '@shared/contract/templates';
import { canarySize } from '@shared/domain/campaign-safety';
import type { CampaignId } from '@shared/domain/ids';
import type { QuietHours } from '@shared/domain/quiet-hours';
import { AppFailure, fail, ok, type Result } from '@shared/errors';
import type { Actor } from '@shared/rpc/define';
import { cancellable } from '../database/cancellable';
import { transaction, type Database } from '../database/database';
import { createAttachmentRepository } from '../emails/attachments/repository';
import type { JobParent } from '../engine/engine';
import type { ProviderSettings } from '../background/contract';
import {
  createAudienceRepository,
  type AudienceCheck,
  type AudienceRepository,
  type FrozenAudience,
} from './audience/repository';
import type { AudienceScope } from './audience/selection/repository';
import type { Draft } from './draft';
import { paceOf } from './forecast/pace-of';
import { workOf } from './forecast/repository';
import { BATCH_SIZE } from './jobs';
import { messageProblems, prepareMessage, type PreparedMessage } from './message';
import { planParts, type OverBudget, type Parts } from './portfolio/plan';
import { readLimit } from './portfolio/holding/repository';
import { countTaken, usingNothingMore } from './portfolio/written/repository';
import { createProofRepository } from './proof/repository';
import { attachmentsGone, changedMeanwhile, nobody, refuse } from './refusals';
import { rendered, type RenderedRecipient } from './rendered';
import { createCampaignRepository, type PauseCause } from './repository';
import { ratePerSecond, senderOf } from './sender-of';
import { createSenderRepository } from './senders/repository';
import { createTestPlanning } from './test-message';

export interface LaunchInput extends Draft {
  readonly name: string;
  readonly priority: number;
  readonly startAt: Date | null;
  readonly missing: 'refuse' | 'skip';
  readonly canary: boolean;
  readonly stopAtFailureShare: number | null;
  /** What the pre-flight said: the launch is refused where it would be another now. */
  readonly expected?: Pick<Preflight, 'reach' | 'fingerprint'> | undefined;
  readonly quietHours?: QuietHours | null | undefined;
  readonly overBudget?: OverBudget | undefined;
  /** Nobody is there who asks for it: it lifts no pause of its sender, and waits for an operator's word there. */
  readonly unattended?: boolean;
  /** Makes the launch safe to repeat: with the same id it is the same campaign. */
  readonly id?: CampaignId;
  /** The job that waits for the campaign's end. */
  readonly parent?: JobParent;
}

/** A part that follows when the window of those before it has passed. */
export interface LaterCampaign {
  readonly campaignId: string;
  readonly startAt: Date;
  readonly frozen: FrozenAudience;
}

export interface Planned {
  readonly campaignId: string;
  readonly frozen: FrozenAudience;
  readonly later: readonly LaterCampaign[];
}

export interface Preview {
  readonly recipients: RenderedRecipient[];
  readonly missing: { variable: string; recipients: number }[];
  readonly tooLong: number;
  readonly reach: number;
  readonly problems: MessageProblem[];
  readonly preflight: Preflight | null;
  readonly pace: SenderPace;
  readonly budget: PortfolioBudget | null;
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
  /** How numbers without a country code are read. */
  readonly defaultCountry?: (() => string | null) | undefined;
  /** The database is a server, which can be told to stop a query that nobody waits for. */
  readonly isServer?: boolean | undefined;
}

/** Everything before the first job: whom it reaches, what they get, and the freeze. */
export function createPlanning(deps: PlanningDependencies) {
  const { database, settings, template } = deps;
  const audiences = createAudienceRepository(database);
  const attachments = createAttachmentRepository(database);

  /** A saved template named without a text of its own stands for its current text. */
  const resolve = async (
    organizationId: string,
    message: Message,
  ): Promise<{ message: Message; templateVersionId: string | null }> => {
    if (message.templateId === null) return { message, templateVersionId: null };
    const found = await template(organizationId, message.templateId);
    if (found === null) return { message, templateVersionId: null };
    const own = message.channel === 'email' ? message.html !== null : message.type === 'template';
    const body = message.body === '' && !own ? found.body : message.body;
    return { message: { ...message, body }, templateVersionId: found.versionId };
  };

  const lostAttachments = async (organizationId: string, message: Message): Promise<string[]> => {
    if (message.channel !== 'email') return [];
    const hashes = message.attachments.map(({ sha256 }) => sha256);
    const missing = await attachments.missing(organizationId, hashes);
    return message.attachments
      .filter(({ sha256 }) => missing.includes(sha256))
      .map(({ fileName }) => fileName);
  };

  const pace = async (organizationId: string, channel: Channel): Promise<SenderPace> =>
    paceOf(
      await workOf(database, organizationId, channel, senderOf(settings(), channel)),
      ratePerSecond(settings(), channel),
    );

  /** The limit that a message counts against; null where there is none. */
  const limitOf = async (organizationId: string, channel: Channel): Promise<number | null> => {
    return channel === 'whatsapp' ? (await readLimit(database, organizationId)).people : null;
  };

  /** A query over a whole audience, stopped where nobody waits for it any more. */
  const whileWanted = <T>(
    signal: AbortSignal | undefined,
    work: (repository: AudienceRepository) => Promise<T>,
  ): Promise<T> =>
    signal === undefined || deps.isServer !== true
      ? work(audiences)
      : cancellable(database, signal, (session) => work(createAudienceRepository(session)));

  const check = async (
    scope: AudienceScope,
    prepared: PreparedMessage,
    limit: number,
    signal?: AbortSignal,
  ): Promise<{ check: AudienceCheck; budget: PortfolioBudget | null }> => {
    const { organizationId, channel } = scope;
    const most = await limitOf(organizationId, channel);
    const { provider } = senderOf(settings(), channel);
    const written = most === null ? null : usingNothingMore({ organizationId, provider });
    const found = await whileWanted(signal, (each) => each.check(scope, prepared, { limit, written }));
    if (most === null) return { check: found, budget: null };
    const used = await countTaken(database, { organizationId, provider });
    return { check: found, budget: { limit: most, used, needed: found.newPeople } };
  };

  const partsOf = (
    { overBudget: chosen = 'refuse', startAt }: LaunchInput,
    reach: number,
    budget: PortfolioBudget | null,
    { organizationId }: Actor,
  ): Promise<Result<Parts | null>> =>
    planParts({ chosen, reach, startAt: startAt?.getTime() ?? Date.now() }, budget, {
      perSecond: async () => (await pace(organizationId, 'whatsapp')).perSecond,
      written: () =>
        usingNothingMore({ organizationId, provider: senderOf(settings(), 'whatsapp').provider }),
    });

  return {
    async estimate(
      organizationId: string,
      audience: Audience,
      channel: Channel,
      draftId?: string,
    ): Promise<AudienceEstimate> {
      const counts = await audiences.count({ organizationId, audience, channel, draftId });
      const { perSecond, ahead } = await pace(organizationId, channel);
      return { ...counts, durationSeconds: (counts.sendable + ahead) / perSecond };
    },

    async preview(
      organizationId: string,
      draft: Draft,
      limit: number,
      signal?: AbortSignal,
    ): Promise<Preview> {
      const { message } = await resolve(organizationId, draft.message);
      const prepared = prepareMessage(message);
      const sender = await pace(organizationId, message.channel);
      if (!prepared.ok) return { ...NOTHING, problems: messageProblems(message), pace: sender };
      const scope = scopeOf(organizationId, draft);
      const { check: found, budget } = await check(scope, prepared.value, limit, signal);
      return {
        recipients: rendered(found.recipients, prepared.value, limit),
        missing: [...found.missing],
        tooLong: found.tooLong,
        reach: found.reach,
        problems: [],
        preflight: found.preflight,
        pace: sender,
        budget,
      };
    },

    /** The recipients that a filter shows, as the pre-flight judges them. */
    async recipients(
      organizationId: string,
      draft: Draft,
      filter: RecipientFilter,
      page: { readonly start: number; readonly count: number },
      signal?: AbortSignal,
    ): Promise<Result<{ total: number; rows: JudgedRecipient[] }>> {
      const prepared = prepareMessage((await resolve(organizationId, draft.message)).message);
      if (!prepared.ok) return prepared;
      const scope = scopeOf(organizationId, draft);
      return ok(await whileWanted(signal, (each) => each.list(scope, prepared.value, filter, page)));
    },

    /** Writes campaign and ledger in one transaction. Nothing is queued yet: the campaign is `launching`. */
    async freeze(input: LaunchInput, actor: Actor): Promise<Result<Planned>> {
      const { organizationId } = actor;
      const { message, templateVersionId } = await resolve(organizationId, input.message);
      const prepared = prepareMessage(message);
      if (!prepared.ok) return prepared;
      const lost = await lostAttachments(organizationId, message);
      if (lost.length > 0) return fail(attachmentsGone(lost));
      const scope = scopeOf(organizationId, input);
      const { check: found, budget } = await check(scope, prepared.value, 1);
      const refusal = refuse(found, input.missing, prepared.value);
      if (refusal.length > 0) {
        return fail({
          code: 'invalid_input',
          message: refusal.map((issue) => issue.message).join(' '),
          action: 'Fill the values in, give the variables a fallback, or skip these recipients.',
          issues: refusal,
        });
      }
      const parts = await partsOf(input, found.reach, budget, actor);
      if (!parts.ok) return parts;
      const division = parts.value;
      const portfolioLimit =
        input.overBudget === 'send' ? null : await limitOf(organizationId, message.channel);
      const write = (): Promise<Planned> =>
        transaction(database, async (trx) => {
          const campaigns = createCampaignRepository(trx);
          const senders = createSenderRepository(trx);
          const sender = [
            organizationId,
            message.channel,
            senderOf(settings(), message.channel),
            ratePerSecond(settings(), message.channel),
          ] as const;
          const { id: senderId, problem } =
            input.unattended === true
              ? await senders.meet(...sender)
              : { id: await senders.activate(...sender), problem: null };
          const insert = (name: string, scheduledAt: Date | null, id?: string): Promise<string> =>
            campaigns.insert({
              ...{ organizationId, name, message, senderId, templateVersionId, scheduledAt },
              audience: input.audience,
              priority: input.priority,
              createdBy: actor.userId,
              quietHours: input.quietHours ?? null,
              stopAtFailureShare: input.stopAtFailureShare,
              portfolioLimit,
              ...(id === undefined ? {} : { id }),
            });
          const of = division === null ? 1 : 1 + division.later.length;
          const nameOf = (part: number): string =>
            of === 1 ? input.name : `${input.name.slice(0, 180)} (${part} of ${of})`;
          const campaignId = await insert(nameOf(1), input.startAt, input.id);
          const laterParts: { campaignId: string; startAt: Date }[] = [];
          for (const [index, { startsAt }] of (division?.later ?? []).entries()) {
            const startAt = new Date(startsAt);
            laterParts.push({ campaignId: await insert(nameOf(index + 2), startAt), startAt });
          }
          const frozen = await createAudienceRepository(trx).freeze(scope, prepared.value, {
            campaignId,
            batchSize: BATCH_SIZE[message.channel],
            canary: input.canary ? canarySize(division === null ? found.reach : division.first) : null,
            division: division && { ...division, laterIds: laterParts.map((part) => part.campaignId) },
          });
          // Thrown, so that what was written is taken back.
          if (input.expected !== undefined && frozen.fingerprint !== input.expected.fingerprint) {
            throw new AppFailure(changedMeanwhile(input.expected.reach, frozen.reach));
          }
          if (frozen.reach === 0) throw new AppFailure(nobody(found.sendable));
          const seal = async (id: string, part: FrozenAudience): Promise<void> => {
            await campaigns.freeze(id, {
              recipients: part.recipients + part.skipped,
              batchCount: part.batches.length,
              canary: part.canary,
            });
            await createProofRepository(trx).seal(id);
          };
          await seal(campaignId, frozen.first);
          if (problem !== null) await campaigns.pause(campaignId, senderPaused(problem));
          const later: LaterCampaign[] = [];
          for (const [index, part] of laterParts.entries()) {
            const of = frozen.later[index];
            if (of === undefined) throw new Error('each part is frozen');
            await seal(part.campaignId, of);
            later.push({ ...part, frozen: of });
          }
          return { campaignId, frozen: frozen.first, later };
        });
      try {
        return ok(await write());
      } catch (thrown) {
        if (thrown instanceof AppFailure) return fail(thrown.error);
        throw thrown;
      }
    },

    freezeTest: createTestPlanning(deps, { audiences, resolve, lostAttachments, scopeOf }),
  };
}
export type Planning = ReturnType<typeof createPlanning>;

const senderPaused = (problem: string): PauseCause => ({
  code: 'sender_paused',
  reason: `Its sender was paused when it was to begin. ${problem} Resume it once that is settled.`,
  resumeInMs: null,
});

const NOTHING = {
  recipients: [],
  missing: [],
  tooLong: 0,
  reach: 0,
  preflight: null,
  budget: null,
};

const scopeOf = (organizationId: string, { audience, message, draftId }: Draft): AudienceScope => ({
  organizationId,
  audience,
  channel: message.channel,
  draftId,
});

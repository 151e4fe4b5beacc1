import type { Sender } from '@shared/contract/senders';
import { fail, notFound, ok, type Result } from '@shared/errors';
import type { Actor } from '@shared/rpc/define';
import type { Audit } from '../../activity/audit';
import type { ProviderSettings } from '../../background/contract';
import type { Database } from '../../database/database';
import type { Coordination, Lowered } from '../../engine/coordination';
import { emailSender, whatsappSender } from '../../providers/gateways';
import { ALL_SENDERS, senderKey } from '../pace';
import { createCampaignRepository } from '../repository';
import { createSenderRepository, type SenderRow } from './repository';

export interface SenderServiceDependencies {
  readonly database: Database;
  readonly coordination: Pick<Coordination, 'lowered'>;
  readonly settings: () => ProviderSettings;
  readonly audit: Audit;
  /** ms since 1970. */
  readonly now?: () => number;
}

const FREE: Lowered = { share: 1, cause: null, heldForMs: 0 };

/** Senders with their limits, and what the provider's refusals leave of them. */
export function createSenderService(deps: SenderServiceDependencies) {
  const { database, coordination, settings, audit } = deps;
  const now = deps.now ?? Date.now;
  const senders = createSenderRepository(database);
  const campaigns = createCampaignRepository(database);

  const view = async (rows: readonly SenderRow[], { organizationId }: Actor): Promise<Sender[]> => {
    const keys = rows.map(({ channel, address }) => senderKey(channel, address));
    const [[app = FREE, ...lines], measured] = await Promise.all([
      coordination.lowered([ALL_SENDERS, ...keys]),
      senders.measured(organizationId),
    ]);
    return rows.map((row, index) =>
      senderOf(row, {
        fallback: row.channel === 'whatsapp' ? settings().messagesPerSecond : settings().emailsPerSecond,
        // Refusals that concern the whole app are WhatsApp's.
        lowered: [lines[index] ?? FREE, ...(row.channel === 'whatsapp' ? [app] : [])],
        measured: measured.get(row.id) ?? 0,
        now: now(),
      }),
    );
  };

  const one = async (senderId: string, actor: Actor): Promise<Result<Sender>> => {
    const [sender] = await view(await senders.list(actor.organizationId, senderId), actor);
    return sender === undefined ? fail(notFound('sender', senderId)) : ok(sender);
  };

  return {
    list: async (actor: Actor): Promise<Sender[]> => view(await senders.list(actor.organizationId), actor),

    async ofCampaign(campaignId: string, actor: Actor): Promise<Result<Sender | null>> {
      const row = await campaigns.find(campaignId, actor.organizationId);
      if (row === null) return fail(notFound('campaign', campaignId));
      return row.sender === null ? ok(null) : one(row.sender.id, actor);
    },

    async setLimit(senderId: string, perSecond: number | null, actor: Actor): Promise<Result<Sender>> {
      if (!(await senders.setLimit(actor.organizationId, senderId, perSecond)))
        return fail(notFound('sender', senderId));
      await audit({ actor, action: 'senders.set-limit', target: senderId, detail: { perSecond } });
      return one(senderId, actor);
    },

    /** The channels' settings were changed: workers on other machines learn it from the senders' rows. */
    async settingsChanged({ organizationId }: Pick<Actor, 'organizationId'>): Promise<void> {
      const next = settings();
      await senders.setDefault(organizationId, 'whatsapp', whatsappSender(next), next.messagesPerSecond);
      await senders.setDefault(organizationId, 'email', emailSender(next), next.emailsPerSecond);
    },
  };
}
export type SenderService = ReturnType<typeof createSenderService>;

function senderOf(
  row: SenderRow,
  facts: {
    readonly fallback: number;
    readonly lowered: readonly Lowered[];
    readonly measured: number;
    readonly now: number;
  },
): Sender {
  const { id, channel, provider, address, name, isPaused, problem } = row;
  const perSecond = row.ownLimit ?? row.defaultLimit ?? facts.fallback;
  const share = facts.lowered.reduce((product, line) => product * line.share, 1);
  const heldForMs = Math.max(...facts.lowered.map((line) => line.heldForMs));
  const cause = facts.lowered.find((line) => line.cause !== null)?.cause ?? null;
  return {
    ...{ id, channel, provider, address, name, isPaused, problem },
    limit: { perSecond, isOwn: row.ownLimit !== null },
    effectivePerSecond: perSecond * share,
    measuredPerSecond: facts.measured,
    slowed: cause === null ? null : { code: cause.code, since: new Date(cause.sinceMs).toISOString() },
    heldUntil: heldForMs > 0 ? new Date(facts.now + heldForMs).toISOString() : null,
  };
}

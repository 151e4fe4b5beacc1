import type { Channel } from '@shared/contract/templates';
import type { ProviderPolicy } from '@shared/domain/provider-policy';
import type { Logger } from '../../logging/logger';
import { stoppedBecause } from '../breaker';
import type { LedgerRepository } from '../ledger/repository';
import { policyOf } from '../reasons';
import type { CampaignRepository } from '../repository';
import type { SenderRepository } from '../senders/repository';
import type { DeliveryReportRepository, NotedReport } from './repository';

export interface FollowUpDependencies {
  readonly campaigns: Pick<CampaignRepository, 'pause'>;
  readonly senders: Pick<SenderRepository, 'pause'>;
  readonly reports: Pick<DeliveryReportRepository, 'failingTooOften'>;
  readonly logger: Logger;
  /** ms since 1970. */
  readonly now?: () => number;
}

/** A campaign whose reports come in by the hundred is judged this often. */
const LOOK_EVERY_MS = 1_000;

interface Group {
  readonly channel: Channel;
  readonly code: string;
  readonly policy: ProviderPolicy;
  readonly reports: NotedReport[];
}

/**
 * Writes down who must not be written to any more, or for a time. Belongs into the commit that notes the reports: a
 * provider that is told to come again says nothing new the second time.
 */
export async function suppressNoted(
  {
    senders,
    reports,
    ledger,
  }: {
    readonly senders: Pick<SenderRepository, 'suppress'>;
    readonly reports: Pick<DeliveryReportRepository, 'failedOften'>;
    readonly ledger: Pick<LedgerRepository, 'failuresOf'>;
  },
  noted: readonly NotedReport[],
): Promise<void> {
  for (const { code, policy, reports: group } of groupsOf(noted)) {
    const rule = suppressionOf(policy);
    if (rule === null) continue;
    const { after, forMs } = rule;
    const contactIds = group.flatMap(({ contactId }) => contactId ?? []);
    const often = after <= 1 ? null : await reports.failedOften(contactIds, code, after);
    for (const { organizationId, channel, recipient, contactId } of group) {
      const isOften = async (): Promise<boolean> =>
        often === null ||
        (contactId === null
          ? (await ledger.failuresOf({ organizationId, contactId, recipient }, code)) >= after
          : often.has(contactId));
      if (!(await isOften())) continue;
      await senders.suppress(organizationId, channel, recipient, { code, reason: policy.reason, forMs });
    }
  }
}

/** At the n-th failure, and for how long (null: for ever); null where nobody is suppressed for it. */
function suppressionOf({ action }: ProviderPolicy): { after: number; forMs: number | null } | null {
  if (action.type === 'suppress') return { after: 1, forMs: null };
  if (action.type !== 'fail') return null;
  if (action.suppressAfter !== undefined) return { after: action.suppressAfter, forMs: null };
  return action.notBeforeMs === undefined ? null : { after: 1, forMs: action.notBeforeMs };
}

/**
 * What else the error policy asks for beyond the recipients' own rows, as far as it makes sense after the fact:
 * nobody is sent to again by itself (the failure is there to be retried by an operator), and a rate that was
 * too high is known from the answers themselves.
 */
export function createFollowUp(deps: FollowUpDependencies): (noted: readonly NotedReport[]) => Promise<void> {
  const { campaigns, senders, reports, logger } = deps;
  const now = deps.now ?? Date.now;
  const lookedAt = new Map<string, number>();

  const pause = async (
    { code, policy, reports: noted }: Group,
    sender: boolean,
    resumeInMs: number | null,
  ): Promise<void> => {
    const reason = `${policy.reason} ${policy.remedy}`;
    const senderIds = new Set(sender ? noted.flatMap(({ senderId }) => senderId ?? []) : []);
    for (const id of senderIds) await senders.pause(id, { reason, code, untilMs: resumeInMs });
    for (const id of new Set(noted.map(({ campaignId }) => campaignId))) {
      if (await campaigns.pause(id, { reason, code, resumeInMs })) {
        logger.info(`[webhooks] Campaign ${id} is paused: ${reason}`);
      }
    }
  };

  const follow = async (group: Group): Promise<void> => {
    const { action } = group.policy;
    switch (action.type) {
      case 'pause-sender':
        return pause(group, true, null);
      case 'pause-campaign':
        return pause(group, false, null);
      case 'stop-campaign':
        return pause(group, action.pauseSender, null);
      case 'wait':
        return action.scope === 'campaign' ? pause(group, false, action.ms) : undefined;
      case 'retry':
      case 'retry-same-key':
      case 'slow-down':
      case 'delay-pair':
      case 'suppress':
      case 'fail':
      case 'fail-and-trip':
      case 'unknown':
        return;
    }
  };

  /** The share of failures that only reports tell of: what was accepted may fail a moment later. */
  const stopFailing = async (noted: readonly NotedReport[]): Promise<void> => {
    const failed = noted.filter(({ before, after }) => after === 'failed' && before !== 'failed');
    const due = [...new Set(failed.map(({ campaignId }) => campaignId))].filter(
      (id) => now() - (lookedAt.get(id) ?? -Infinity) >= LOOK_EVERY_MS,
    );
    if (due.length === 0) return;
    for (const id of due) lookedAt.set(id, now());
    for (const failing of await reports.failingTooOften(due)) {
      const cause = stoppedBecause(failing.channel, failing);
      if (await campaigns.pause(failing.campaignId, cause)) {
        logger.info(`[webhooks] Campaign ${failing.campaignId} is paused: ${cause.reason}`);
      }
    }
  };

  return async (noted) => {
    for (const group of groupsOf(noted)) await follow(group);
    await stopFailing(noted);
  };
}

function groupsOf(noted: readonly NotedReport[]): Group[] {
  const groups = new Map<string, Group>();
  for (const report of noted) {
    const { channel, errorCode: code } = report;
    if (code === null) continue;
    const group = groups.get(`${channel} ${code}`) ?? {
      channel,
      code,
      policy: policyOf(channel, code),
      reports: [],
    };
    group.reports.push(report);
    groups.set(`${channel} ${code}`, group);
  }
  return [...groups.values()];
}

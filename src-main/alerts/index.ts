import { randomUUID } from 'node:crypto';
import type { ConsoleContract } from '@shared/contract';
import type { Actor, DomainHandlers } from '@shared/rpc/define';
import type { Audit } from '../activity/audit';
import type { Database } from '../database/database';
import type { Engine } from '../engine/engine';
import { complaints } from '../logging/complaints';
import type { NoticeBoard } from '../notices/announcer';
import { AlertEvaluator } from './evaluator';
import { createAlertHandlers } from './handlers';
import { IncidentBook } from './incidents/book';
import { createIncidentRepository } from './incidents/repository';
import { createAlertRuleRepository } from './rules/repository';
import { createFailuresSeenRepository } from './seen/repository';
import { FailuresSeen } from './seen/seen';
import { AlertService } from './service';
import { AlertSources, type SourceParts } from './sources';
import { mayTell, Teller, type TellingChoice } from './telling';
import { AlertWatch, type WatchParts } from './watch';

export interface AlertsDependencies extends Pick<SourceParts, 'overview' | 'heardSince' | 'vitals'> {
  readonly database: Database;
  readonly databaseHealth: WatchParts['database'];
  readonly engine: Pick<Engine, 'label' | 'health' | 'onHealth' | 'onChanges' | 'failedSince' | 'snapshot'>;
  /** Whose console this is: known at the start, or as soon as the database is there. */
  readonly identity: {
    readonly organizationId: string;
    readonly profileId: string;
    readonly profileName: string;
  };
  /** Null where there is no desktop. */
  readonly board: NoticeBoard | null;
  readonly choice: () => TellingChoice;
  /** Keeps until when nothing is told, ISO 8601. */
  readonly savePause: (until: string | null) => void;
  readonly audit: Audit;
  readonly report: (what: string, error: unknown) => void;
  readonly now?: () => number;
  /** How long a figure has to stay under its threshold, in ms. */
  readonly clearMs?: number;
  readonly pace?: WatchParts['pace'];
}

export interface Alerts {
  readonly handlers: DomainHandlers<ConsoleContract['alerts']>;
  start(): void;
  close(): Promise<void>;
  /** Settings of telling have changed. */
  changed(): void;
  /** Whether what is no alert, such as the end of a campaign, may be told outside the window now. */
  mayTellNews(): boolean;
}

const MINUTE_MS = 60_000;

/** Rules, the watch over them, incidents, and who is told. */
export const createAlerts = (deps: AlertsDependencies): Alerts => {
  const { database, engine, identity, board, choice, audit } = deps;
  const now = deps.now ?? Date.now;
  const report = complaints(deps.report, now);
  const organizationId = (): string => identity.organizationId;
  const isReachable = (): boolean => deps.databaseHealth.health().state === 'up';
  const rules = createAlertRuleRepository(database);
  const incidents = createIncidentRepository(database);
  const book = new IncidentBook({ repository: incidents, organizationId, consoleId: randomUUID(), now });
  const seen = new FailuresSeen({
    repository: createFailuresSeenRepository(database),
    engine,
    person: () => ({ organizationId: identity.organizationId, userId: identity.profileId }),
  });
  const sources = new AlertSources({
    engine,
    overview: deps.overview,
    heardSince: deps.heardSince,
    vitals: deps.vitals,
    stoppedCampaigns: async () => (isReachable() ? incidents.stoppedCampaigns(organizationId()) : null),
    now,
    report,
  });
  const teller = new Teller({ board, choice, claim: (kept) => book.claim(kept, isReachable()), now });
  const watch = new AlertWatch({
    ...{ engine, sources, book, rules, incidents, seen, teller, board, choice, organizationId, now, report },
    pace: deps.pace,
    database: deps.databaseHealth,
    evaluator: new AlertEvaluator(book, deps.clearMs),
  });
  const service = new AlertService({
    ...{ rules, incidents, book, seen, audit, now },
    nameOf: ({ via }: Actor) => (via === 'rest' ? 'REST API' : identity.profileName),
    changed: () => watch.changed(),
  });
  const pauseTelling = (minutes: number | null): void => {
    deps.savePause(minutes === null ? null : new Date(now() + minutes * MINUTE_MS).toISOString());
    watch.changed();
  };
  const stopListening = board?.onPause(pauseTelling);

  return {
    handlers: createAlertHandlers({ service, watch, pauseTelling }),
    start: () => watch.start(),
    async close() {
      stopListening?.();
      await watch.close();
    },
    changed: () => watch.changed(),
    mayTellNews: () => mayTell(choice(), null, now()),
  };
};

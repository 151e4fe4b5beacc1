import type { AlertRule, AlertsLive, RuleStanding } from '@shared/contract/alerts';
import { INCIDENT_DAYS } from '@shared/contract/alerts';
import { severities } from '@shared/domain/alert-rules';
import type { Health } from '@shared/contract/common';
import type { z } from 'zod';
import { elapsed } from '../elapsed';
import type { Engine } from '../engine/engine';
import type { NoticeBoard } from '../notices/announcer';
import type { AlertEvaluator } from './evaluator';
import type { IncidentBook } from './incidents/book';
import type { IncidentRepository } from './incidents/repository';
import { presetRules } from './presets';
import type { AlertRuleRepository } from './rules/repository';
import type { FailuresSeen } from './seen/seen';
import type { AlertSources } from './sources';
import type { Teller, TellingChoice } from './telling';
import { incidentAddress, incidentTitle } from './wording';

export interface WatchParts {
  readonly engine: Pick<Engine, 'onChanges' | 'onHealth'>;
  readonly database: {
    health(): z.infer<typeof Health>;
    onHealth(listener: (health: z.infer<typeof Health>) => void): () => void;
  };
  readonly sources: AlertSources;
  readonly evaluator: AlertEvaluator;
  readonly book: IncidentBook;
  readonly rules: AlertRuleRepository;
  readonly incidents: Pick<IncidentRepository, 'removeResolvedBefore'>;
  readonly seen: FailuresSeen;
  readonly teller: Teller;
  readonly board: NoticeBoard | null;
  readonly choice: () => TellingChoice;
  readonly organizationId: () => string;
  readonly now: () => number;
  readonly report: (what: string, error: unknown) => void;
  readonly pace?: WatchPace | undefined;
}

/** How often is looked, in ms. */
export interface WatchPace {
  /** Between two looks while nothing happens, and at least while something does. */
  readonly lookMs: number;
  readonly leastMs: number;
  /** What others wrote is read at most so often. */
  readonly readMs: number;
}

const PACE: WatchPace = { lookMs: 5_000, leastMs: 1_000, readMs: 4_000 };
/** Figures of this age are taken where somebody has read them. */
const FRESH_MS = 2_000;
const DAY_MS = 86_400_000;

/**
 * Looks at everything that the rules are about: every few seconds, and at once when the engine says that it went
 * away, came back, or that jobs failed. One look at a time; none of them ever rejects.
 */
export class AlertWatch {
  private readonly listeners = new Set<(live: AlertsLive) => void>();
  private readonly unsubscribe: (() => void)[] = [];
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;
  private wantedAt = Infinity;
  private lookedAt = -Infinity;
  private readAt = -Infinity;
  private tidiedAt = -Infinity;
  private closed = false;
  private rules: readonly AlertRule[];
  private seeded = false;
  private standings: readonly RuleStanding[] = [];
  private published = '';
  private kept = true;
  private readonly pace: WatchPace;

  constructor(private readonly parts: WatchParts) {
    this.rules = presetRules(parts.organizationId());
    this.pace = parts.pace ?? PACE;
  }

  start(): void {
    const { engine, database } = this.parts;
    this.unsubscribe.push(
      engine.onHealth(() => this.lookBy(this.parts.now())),
      engine.onChanges((changes) => {
        if (changes.some(({ failed }) => failed > 0)) this.lookBy(this.parts.now());
      }),
      database.onHealth(({ state }) => {
        if (state === 'up') this.changed();
      }),
    );
    this.lookBy(this.parts.now());
  }

  /** Ends; what is not written yet is tried once more. */
  async close(): Promise<void> {
    this.closed = true;
    for (const stop of this.unsubscribe.splice(0)) stop();
    clearTimeout(this.timer);
    await this.looking;
    this.listeners.clear();
    this.parts.sources.close();
    this.parts.board?.setBadge(0);
    if (this.isReachable()) {
      await this.parts.book
        .write()
        .catch((error: unknown) => this.parts.report('write down the alerts at the end', error));
    }
  }

  /** A rule, an incident or what is to be told has changed: it shows with the next look, which comes at once. */
  changed(): void {
    this.readAt = -Infinity;
    this.lookedAt = -Infinity;
    this.lookBy(this.parts.now());
  }

  /** Gives the state at once and at every change of it, until the answer is called. */
  follow(listener: (live: AlertsLive) => void): () => void {
    this.listeners.add(listener);
    listener(this.live());
    return () => this.listeners.delete(listener);
  }

  live(): AlertsLive {
    const { book, board, choice, seen, now } = this.parts;
    const { notifications, pausedUntil } = choice();
    const open = book.open().map(({ incident }) => incident);
    const isPaused = pausedUntil !== null && Date.parse(pausedUntil) > now();
    return {
      open: open.sort(
        (a, b) =>
          severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
          b.openedAt.localeCompare(a.openedAt),
      ),
      standings: [...this.standings],
      unseen: [...seen.unseen()],
      telling: { desktop: board !== null && notifications, pausedUntil: isPaused ? pausedUntil : null },
      kept: this.kept,
    };
  }

  private lookBy(at: number): void {
    this.wantedAt = Math.min(this.wantedAt, at);
    if (this.closed || this.looking !== undefined) return;
    clearTimeout(this.timer);
    const wait = Math.max(this.wantedAt, this.lookedAt + this.pace.leastMs) - this.parts.now();
    this.timer = setTimeout(() => this.begin(), Math.min(this.pace.lookMs, Math.max(0, wait))).unref();
  }

  private begin(): void {
    this.wantedAt = Infinity;
    this.looking = this.look()
      .catch((error: unknown) => this.parts.report('look after the alerts', error))
      .finally(() => {
        this.looking = undefined;
        this.lookBy(this.parts.now() + this.pace.lookMs);
      });
  }

  private async look(): Promise<void> {
    const { sources, evaluator, book, seen, teller, now } = this.parts;
    this.lookedAt = now();
    await this.withDatabase(() => this.read());
    const { picture, unseen } = await sources.look(
      this.rules.filter(({ enabled }) => enabled),
      seen.marks(),
      FRESH_MS,
    );
    if (unseen !== null) seen.found(unseen);
    const { standings, resolved } = evaluator.evaluate(this.rules, picture);
    this.standings = standings;
    await this.withDatabase(() => book.write());
    await teller.tell(book.open());
    for (const incident of resolved) teller.ended(incident);
    this.publish();
  }

  /** Rules, marks and incidents as they stand in the database. */
  private async read(): Promise<void> {
    const { rules, book, seen, incidents, organizationId, now } = this.parts;
    if (elapsed(this.readAt, now()) < this.pace.readMs) return;
    if (!this.seeded) {
      await rules.seed(organizationId());
      this.seeded = true;
    }
    // What was seen while the database was away goes first: it may have begun before what stands there.
    await book.write();
    this.rules = await rules.list(organizationId());
    await seen.read();
    await book.read();
    this.readAt = now();
    if (now() - this.tidiedAt < DAY_MS) return;
    await incidents.removeResolvedBefore(organizationId(), new Date(now() - INCIDENT_DAYS * DAY_MS));
    this.tidiedAt = now();
  }

  private isReachable(): boolean {
    return this.parts.database.health().state === 'up';
  }

  /** A database that is away is no reason not to look: the book is written when it is back. */
  private async withDatabase(work: () => Promise<void>): Promise<void> {
    if (!this.isReachable()) {
      this.kept = false;
      return;
    }
    try {
      await work();
      this.kept = true;
    } catch (error) {
      this.kept = false;
      this.parts.report('write down the alerts', error);
    }
  }

  private publish(): void {
    const live = this.live();
    const { tray } = this.parts.choice();
    const content = JSON.stringify([live, tray]);
    if (content === this.published) return;
    this.published = content;
    for (const listener of this.listeners) listener(live);
    const { board } = this.parts;
    board?.setBadge(live.unseen.reduce((sum, { failed }) => sum + failed, 0));
    board?.setAlerts({
      open: live.open
        .filter(({ acknowledgedAt }) => acknowledgedAt === null)
        .map((incident) => ({
          title: incidentTitle(incident),
          severity: incident.severity,
          to: incidentAddress(incident),
        })),
      pausedUntil: live.telling.pausedUntil,
      tray,
    });
  }
}

import type { CampaignSummary } from '@shared/contract/campaigns';
import type { ImportSummary } from '@shared/contract/imports';
import type { Severity } from '@shared/domain/alert-rules';
import type { QueueName } from '@shared/domain/queues';
import type { Result } from '@shared/errors';
import type { AuditRecord } from '../activity/audit';
import { campaignOfJob } from '../campaigns/jobs';
import type { Engine, QueueChange } from '../engine/engine';
import { importOfJob } from '../imports/import-jobs';
import {
  campaignNotice,
  campaignWork,
  fractionOf,
  importNotice,
  importWork,
  type Notice,
  type Work,
} from './wording';

/** Where a desktop says something outside the console's window. */
export interface NoticeBoard {
  notify(notice: Notice): void;
  /** The number on the app's icon. */
  setBadge(count: number): void;
  /** The bar on the app's icon: 0 to 1; null for none. */
  setProgress(fraction: number | null): void;
  /** What is wrong now and nobody has taken on, where it can be seen without the window. */
  setAlerts(alerts: BoardAlerts): void;
  /** Calls back when somebody there wants to be told nothing for so many minutes; null: told again. */
  onPause(listener: (minutes: number | null) => void): () => void;
}

/** The state of alerts as a desktop shows it outside the window. */
export interface BoardAlerts {
  /** The gravest first. */
  readonly open: readonly { readonly title: string; readonly severity: Severity; readonly to: string }[];
  /** ISO 8601; null where everything is told. */
  readonly pausedUntil: string | null;
  /** Whether an icon in the system's tray is wanted. */
  readonly tray: boolean;
}

export interface AnnouncerParts {
  readonly board: Pick<NoticeBoard, 'notify' | 'setProgress'>;
  readonly engine: Pick<Engine, 'onChanges' | 'onHealth' | 'health'>;
  readonly campaign: (id: string) => Promise<Result<CampaignSummary>>;
  readonly import: (id: string) => Promise<Result<ImportSummary>>;
  /** Whether notifications are wanted now; the bar shows in any case. */
  readonly wanted: () => boolean;
  readonly report: (error: unknown) => void;
}

/** Ms from what the engine says to the look, so that what fails together is told together. */
const GATHER_MS = 500;
/** Ms between two looks while something happens; looks that take long are rarer. */
const LOOK_MS = 2_000;
const LOOK_SHARE = 20;
/** Ms between two looks at what is under way while its queue says nothing, as while a file is read. */
const IDLE_LOOK_MS = 10_000;
/** What ended longer ago when it is first seen is no news. */
const NEWS_MS = 2 * 60_000;
const MAX_TOLD = 1_000;

type Kind = 'campaign' | 'import';
type Item = `${Kind} ${string}`;
interface Seen {
  readonly over: boolean;
  /** Nothing happens to it for now: it waits for its time, or for somebody. */
  readonly rests: boolean;
  readonly finishedAt: string | null;
  readonly notice: Notice | null;
  readonly work: Work | null;
}

/**
 * Tells a desktop what happens while nobody looks at the console: the end of campaigns and imports, and how far
 * the work is. It listens to the engine's events and to what is done in this console, and looks only when one of
 * them said something. What goes wrong is told by the alerts.
 */
export class Announcer {
  /** What may be under way; true where it was seen before its end. */
  private readonly open = new Map<Item, boolean>();
  private readonly told = new Map<Item, string>();
  private readonly unsubscribe: (() => void)[] = [];
  private timer: NodeJS.Timeout | undefined;
  private wantedAt = Infinity;
  private notBefore = 0;
  private looking: Promise<void> | undefined;
  private closed = false;

  constructor(private readonly parts: AnnouncerParts) {}

  start(): void {
    const { engine } = this.parts;
    this.unsubscribe.push(
      engine.onChanges((changes) => {
        for (const change of changes) this.take(change);
        this.lookBy(Date.now() + GATHER_MS);
      }),
      engine.onHealth(({ state }) => {
        if (state === 'up') this.lookBy(Date.now());
      }),
    );
    if (engine.health().state === 'up') this.lookBy(Date.now());
  }

  /** Follows what somebody starts here: a file is read, and may fail, before there is a job of it. */
  heard({ action, target }: Pick<AuditRecord, 'action' | 'target'>): void {
    if (target === null) return;
    if (action.startsWith('imports.')) this.follow(`import ${target}`);
    if (action.startsWith('campaigns.')) this.follow(`campaign ${target}`);
  }

  /** Ends; the bar is taken away. */
  async close(): Promise<void> {
    this.closed = true;
    for (const stop of this.unsubscribe.splice(0)) stop();
    clearTimeout(this.timer);
    await this.looking;
    this.parts.board.setProgress(null);
  }

  private take({ queue, jobIds, finishedIds }: QueueChange): void {
    for (const id of jobIds ?? finishedIds) {
      const item = itemOf(queue, id);
      if (item !== null && !this.open.has(item)) this.open.set(item, false);
    }
  }

  private follow(item: Item): void {
    if (!this.open.has(item)) this.open.set(item, false);
    this.lookBy(Date.now());
  }

  /** Wants a look at `at` (ms since 1970), or as soon after that as the pace allows. */
  private lookBy(at: number): void {
    this.wantedAt = Math.min(this.wantedAt, at);
    this.plan();
  }

  private plan(): void {
    if (this.closed || this.looking !== undefined || this.wantedAt === Infinity) return;
    clearTimeout(this.timer);
    const wait = Math.max(this.wantedAt, this.notBefore) - Date.now();
    this.timer = setTimeout(
      () => {
        this.wantedAt = Infinity;
        this.looking = this.look().finally(() => {
          this.looking = undefined;
          this.plan();
        });
      },
      Math.max(0, wait),
    ).unref();
  }

  private async look(): Promise<void> {
    const startedAt = Date.now();
    try {
      await this.showWork();
    } catch (error) {
      // The engine or the database is away: what they say when they are back makes the next look.
      this.parts.report(error);
    }
    const endedAt = Date.now();
    this.notBefore = endedAt + Math.max(LOOK_MS, (endedAt - startedAt) * LOOK_SHARE);
    if (this.open.size > 0) this.lookBy(endedAt + IDLE_LOOK_MS);
  }

  private async showWork(): Promise<void> {
    const works: Work[] = [];
    for (const [item, wasOpen] of [...this.open]) {
      const seen = await this.see(item);
      if (seen === null) {
        this.open.delete(item);
      } else if (seen.over) {
        this.open.delete(item);
        this.tellEnd(item, seen, wasOpen);
      } else if (seen.rests) {
        // Its jobs, or whoever resumes it, bring it back.
        this.open.delete(item);
      } else {
        this.open.set(item, true);
        if (seen.work !== null) works.push(seen.work);
      }
    }
    this.parts.board.setProgress(fractionOf(works));
  }

  private tellEnd(item: Item, { notice, finishedAt }: Seen, wasOpen: boolean): void {
    const end = finishedAt ?? '';
    const isNews = wasOpen || Math.abs(Date.now() - Date.parse(end)) < NEWS_MS;
    if (notice === null || !isNews || this.told.get(item) === end) return;
    this.told.set(item, end);
    const [oldest] = this.told.keys();
    if (this.told.size > MAX_TOLD && oldest !== undefined) this.told.delete(oldest);
    if (this.parts.wanted()) this.parts.board.notify(notice);
  }

  /** Null for what is not there any more. */
  private async see(item: Item): Promise<Seen | null> {
    const [kind, id = ''] = item.split(' ');
    if (kind === 'campaign') {
      const found = await this.parts.campaign(id);
      if (!found.ok) return null;
      return {
        ...phaseOf(found.value),
        notice: campaignNotice(found.value),
        work: campaignWork(found.value),
      };
    }
    const found = await this.parts.import(id);
    if (!found.ok) return null;
    return { ...phaseOf(found.value), notice: importNotice(found.value), work: importWork(found.value) };
  }
}

const phaseOf = ({
  state,
  finishedAt,
}: Pick<CampaignSummary | ImportSummary, 'state' | 'finishedAt'>): Pick<
  Seen,
  'over' | 'rests' | 'finishedAt'
> => ({
  over: state === 'completed' || state === 'cancelled' || state === 'failed',
  rests: state === 'paused' || state === 'scheduled' || state === 'draft',
  finishedAt,
});

const itemOf = (queue: QueueName, jobId: string): Item | null => {
  const id = queue === 'contact-import' ? importOfJob(jobId) : campaignOfJob(jobId);
  if (id === null) return null;
  return queue === 'contact-import' ? `import ${id}` : `campaign ${id}`;
};

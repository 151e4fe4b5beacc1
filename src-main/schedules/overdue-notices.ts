import type { HeldCampaign, ScheduleRun } from '@shared/contract/schedules';
import type { NoticeBoard } from '../notices/announcer';

export interface OverdueNoticesParts {
  readonly board: Pick<NoticeBoard, 'notify'>;
  readonly overdue: () => Promise<{
    readonly runs: readonly ScheduleRun[];
    readonly campaigns: readonly HeldCampaign[];
  }>;
  /** Whether notifications are wanted. */
  readonly wanted: () => boolean;
}

/** Tells a desktop, once each, what was due while nothing was running and now waits for an answer. */
export class OverdueNotices {
  private told: ReadonlySet<string> = new Set();

  constructor(private readonly parts: OverdueNoticesParts) {}

  async look(): Promise<void> {
    const { runs, campaigns } = await this.parts.overdue();
    const all = [
      ...runs.map(({ id, scheduleId, scheduleName }) => ({
        id: String(id),
        name: scheduleName,
        to: `/schedules?id=${scheduleId}`,
      })),
      ...campaigns.map(({ id, name, channel }) => ({
        id: String(id),
        name,
        to: `/${channel === 'email' ? 'emails' : 'campaigns'}?id=${id}`,
      })),
    ];
    const fresh = all.filter(({ id }) => !this.told.has(id));
    this.told = new Set(all.map(({ id }) => id));
    const [first, ...more] = fresh;
    if (first === undefined || !this.parts.wanted()) return;
    this.parts.board.notify(
      more.length === 0
        ? {
            title: `“${first.name}” is overdue`,
            body: 'It did not begin by itself. Run it now, or skip it?',
            to: first.to,
          }
        : {
            title: `${fresh.length} schedules are overdue`,
            body: 'They did not begin by themselves. Run them now, or skip them?',
            to: '/schedules',
          },
    );
  }
}

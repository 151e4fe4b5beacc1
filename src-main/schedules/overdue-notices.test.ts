import { describe, expect, it } from 'vitest';
import { CampaignId, ScheduleId, ScheduleRunId } from '@shared/domain/ids';
import type { Notice } from '../notices/wording';
import { OverdueNotices, type OverdueNoticesParts } from './overdue-notices';

const ID = '7f9c24e8-3b12-4fef-91e0-6a1c7d3c2f1';
type Overdue = Awaited<ReturnType<OverdueNoticesParts['overdue']>>;
const run = (n: number): Overdue['runs'][number] => ({
  id: ScheduleRunId.parse(`${ID}${n}`),
  scheduleId: ScheduleId.parse(`${ID}0`),
  scheduleName: `Run ${n}`,
  dueAt: '2026-11-29T12:00:00.000Z',
  cause: 'schedule',
  state: 'overdue',
  missed: 0,
  steps: [],
  unreadable: null,
  problem: null,
  begunAt: null,
  endedAt: null,
  lateMs: null,
});
const campaign: Overdue['campaigns'][number] = {
  id: CampaignId.parse(`${ID}9`),
  name: 'Sale',
  channel: 'email',
  scheduledAt: '2026-11-29T12:00:00.000Z',
};

describe('what is overdue', () => {
  it('is told once, several together, and not where nobody wants it', async () => {
    const told: Notice[] = [];
    let overdue: Overdue = { runs: [run(1)], campaigns: [] };
    let wanted = true;
    const notices = new OverdueNotices({
      board: { notify: (notice) => told.push(notice) },
      overdue: () => Promise.resolve(overdue),
      wanted: () => wanted,
    });
    await notices.look();
    await notices.look();
    expect(told.map(({ title, to }) => [title, to])).toEqual([
      ['“Run 1” is overdue', `/schedules?id=${ID}0`],
    ]);
    overdue = { runs: [run(1), run(2)], campaigns: [campaign] };
    await notices.look();
    expect(told[1]).toMatchObject({ title: '2 schedules are overdue', to: '/schedules' });
    overdue = { runs: [], campaigns: [] };
    await notices.look();
    wanted = false;
    overdue = { runs: [], campaigns: [campaign] };
    await notices.look();
    expect(told).toHaveLength(2);
  });

  it('leads to a held campaign', async () => {
    const told: Notice[] = [];
    await new OverdueNotices({
      board: { notify: (notice) => told.push(notice) },
      overdue: () => Promise.resolve({ runs: [], campaigns: [campaign] }),
      wanted: () => true,
    }).look();
    expect(told).toMatchObject([{ title: '“Sale” is overdue', to: `/emails?id=${ID}9` }]);
  });
});

import { describe, expect, it } from 'vitest';
import type { CampaignSummary } from '@shared/contract/campaigns';
import { ImportOptions, type ImportSummary } from '@shared/contract/imports';
import { DELIVERY_STATES } from '@shared/domain/delivery';
import { CampaignId, ImportId } from '@shared/domain/ids';
import { campaignNotice, campaignWork, fractionOf, importNotice, importWork } from './wording';

const id = '3f2b8a52-6c1d-4f0e-9a57-0d5b8f6f1c11';
const none = Object.fromEntries(DELIVERY_STATES.map((state) => [state, 0])) as CampaignSummary['counts'];
const campaign = (more: Partial<CampaignSummary>): CampaignSummary => ({
  id: CampaignId.parse(id),
  name: 'Spring sale',
  channel: 'whatsapp',
  state: 'completed',
  problem: null,
  priority: 1,
  recipients: 1_200,
  counts: { ...none, accepted: 1_000, delivered: 150, failed: 40, unknown: 10 },
  jobId: null,
  createdBy: 'Op',
  createdAt: '2026-11-24T10:00:00.000Z',
  scheduledAt: null,
  startedAt: null,
  finishedAt: null,
  perSecond: null,
  etaSeconds: null,
  outcome: null,
  ...more,
});
const imported = (more: Partial<ImportSummary>): ImportSummary => ({
  id: ImportId.parse(id),
  fileName: 'people.csv',
  sizeBytes: 1,
  state: 'completed',
  totals: {
    read: 100,
    expected: 100,
    staged: 100,
    inserted: 60,
    updated: 0,
    skipped: 10,
    rejected: 5,
    excluded: 0,
  },
  options: ImportOptions.parse({}),
  jobId: null,
  problem: null,
  createdBy: 'Op',
  createdAt: '2026-11-24T10:00:00.000Z',
  startedAt: null,
  finishedAt: null,
  continued: null,
  continuing: false,
  rowsPerSecond: null,
  etaSeconds: null,
  undo: null,
  ...more,
});

describe('what a desktop is told', () => {
  it('of an end: its totals, or why, and where to look', () => {
    expect(campaignNotice(campaign({}))).toEqual({
      title: '“Spring sale” has ended',
      body: '1,150 of 1,200 sent · 40 failed · 10 unconfirmed',
      to: `/campaigns?id=${id}`,
    });
    const failed = campaign({ channel: 'email', state: 'failed', problem: 'No sender.' });
    expect(campaignNotice(failed)).toMatchObject({ body: 'No sender.', to: `/emails?id=${id}` });
    expect(importNotice(imported({}))).toMatchObject({ body: '60 added · 10 skipped · 5 rejected' });
  });

  it('nothing of what somebody ended, or of what goes on', () => {
    expect(campaignNotice(campaign({ state: 'cancelled' }))).toBeNull();
    expect(importNotice(imported({ state: 'running' }))).toBeNull();
  });

  it('how far all that moves is, together', () => {
    const works = [campaignWork(campaign({ state: 'running' })), importWork(imported({ state: 'running' }))];
    expect(works).toEqual([
      { done: 1_200, total: 1_200 },
      { done: 75, total: 100 },
    ]);
    expect(fractionOf(works.filter((work) => work !== null))).toBeCloseTo(1_275 / 1_300);
    expect(fractionOf([])).toBeNull();
    expect(campaignWork(campaign({ state: 'paused' }))).toBeNull();
  });
});

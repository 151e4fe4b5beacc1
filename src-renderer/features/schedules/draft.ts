import type { EmailType } from '@shared/domain/jobs';
import { parseCron } from '@shared/domain/cron';
import type { AdsappQueue } from '@shared/domain/queues';
import { EmailContent, WhatsAppContent } from '@shared/contract/message';
import type { Schedule, ScheduleInput, ScheduleStep, ScheduleWhen } from '@shared/contract/schedules';
import type { Channel } from '@shared/contract/templates';
import { instantOf, shownIn } from './times';

export const WHEN_KINDS = ['daily', 'weekly', 'monthly', 'minutes', 'once', 'cron'] as const;
export type WhenKind = (typeof WHEN_KINDS)[number];

/** When, as the fields hold it; each kind reads its own. */
export interface WhenDraft {
  readonly kind: WhenKind;
  readonly time: string;
  readonly days: readonly string[];
  readonly dayOfMonth: number;
  readonly everyMinutes: number;
  readonly pattern: string;
  readonly at: string;
  readonly timeZone: string;
}

export interface StepDraft {
  readonly key: number;
  readonly kind: 'campaign' | 'job';
  readonly name: string;
  readonly channel: Channel;
  readonly audience: 'all' | 'tags' | 'kept';
  readonly tags: readonly string[];
  readonly excludeTags: readonly string[];
  readonly emailType: EmailType;
  readonly subject: string;
  readonly body: string;
  readonly queue: AdsappQueue;
  readonly data: string;
  /** What the fields do not show and an edit keeps. */
  readonly kept: ScheduleStep | null;
}

export interface ScheduleDraft {
  readonly name: string;
  readonly when: WhenDraft;
  readonly graceMinutes: number;
  readonly overlap: 'skip' | 'queue';
  readonly steps: readonly StepDraft[];
}

let nextKey = 0;

/** Data to begin with: the fields that a job of the queue needs. */
export const SKELETONS: Readonly<Record<AdsappQueue, object>> = {
  'template-processing': { templateId: '', version: 1, contactIds: [] },
  'contact-import': { importId: '', rows: null },
  'bulk-messages': { campaignId: '', batchNo: 0, recipients: 0 },
  'email-notification': { type: 'notification', campaignId: '', batchNo: 0, recipients: 0 },
};
export const skeletonOf = (queue: AdsappQueue): string => JSON.stringify(SKELETONS[queue], null, 2);

export function newStep(): StepDraft {
  nextKey += 1;
  return {
    key: nextKey,
    kind: 'campaign',
    name: '',
    channel: 'whatsapp',
    audience: 'all',
    tags: [],
    excludeTags: [],
    emailType: 'notification',
    subject: '',
    body: '',
    queue: 'template-processing',
    data: skeletonOf('template-processing'),
    kept: null,
  };
}

export const newDraft = (timeZone: string, now: number): ScheduleDraft => ({
  name: '',
  when: {
    kind: 'daily',
    time: '09:00',
    days: ['1'],
    dayOfMonth: 1,
    everyMinutes: 15,
    pattern: '0 9 * * *',
    at: shownIn(now + 3_600_000, timeZone),
    timeZone,
  },
  graceMinutes: 10,
  overlap: 'skip',
  steps: [newStep()],
});

export function draftOf(schedule: Schedule, now: number): ScheduleDraft {
  const empty = newDraft(schedule.when.timeZone, now);
  return {
    name: schedule.name,
    when: { ...empty.when, ...readWhen(schedule.when) },
    graceMinutes: schedule.graceMinutes,
    overlap: schedule.overlap,
    steps: schedule.steps.map(readStep),
  };
}

/** The friendly form of a pattern where it has one. */
function readWhen(when: ScheduleWhen): Partial<WhenDraft> {
  if (when.kind === 'once') return { kind: 'once', at: shownIn(Date.parse(when.at), when.timeZone) };
  const { pattern } = when;
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = pattern.split(/\s+/);
  const every = /^\*\/(\d+)$/.exec(minute)?.[1];
  const rest = [hour, day, month, weekday].join(' ');
  if (every !== undefined && rest === '* * * *')
    return { kind: 'minutes', everyMinutes: Number(every), pattern };
  if (!/^\d+$/.test(minute) || !/^\d+$/.test(hour) || month !== '*') return { kind: 'cron', pattern };
  const time = `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`;
  if (day === '*' && weekday === '*') return { kind: 'daily', time, pattern };
  if (weekday === '*' && /^\d+$/.test(day))
    return { kind: 'monthly', time, dayOfMonth: Number(day), pattern };
  const parsed = parseCron(pattern);
  if (day !== '*' || !parsed.ok) return { kind: 'cron', pattern };
  return { kind: 'weekly', time, days: parsed.cron.daysOfWeek.map(String), pattern };
}

function readStep(step: ScheduleStep): StepDraft {
  const empty = { ...newStep(), kept: step };
  if (step.kind === 'job')
    return { ...empty, kind: 'job', queue: step.queue, data: JSON.stringify(step.data, null, 2) };
  const { message, audience } = step;
  return {
    ...empty,
    name: step.name,
    channel: message.channel,
    audience: audience.kind === 'all' || audience.kind === 'tags' ? audience.kind : 'kept',
    tags: audience.kind === 'tags' ? audience.tags : [],
    excludeTags: audience.kind === 'contacts' ? [] : audience.excludeTags,
    body: message.body,
    ...(message.channel === 'email' ? { emailType: message.emailType, subject: message.subject } : {}),
  };
}

/** When, as it is saved; null while the fields do not say it. */
export function whenOf(draft: WhenDraft): ScheduleWhen | null {
  const { timeZone } = draft;
  if (draft.kind === 'once') {
    const at = instantOf(draft.at, timeZone);
    return at === null ? null : { kind: 'once', at: new Date(at).toISOString(), timeZone };
  }
  const pattern = patternOf(draft);
  return pattern === null ? null : { kind: 'cron', pattern, timeZone };
}

function patternOf(draft: WhenDraft): string | null {
  if (draft.kind === 'cron') return draft.pattern.trim();
  if (draft.kind === 'minutes')
    return draft.everyMinutes === 1 ? '* * * * *' : `*/${draft.everyMinutes} * * * *`;
  const [hour, minute] = draft.time.split(':').map(Number);
  if (hour === undefined || minute === undefined || Number.isNaN(hour + minute)) return null;
  if (draft.kind === 'daily') return `${minute} ${hour} * * *`;
  if (draft.kind === 'monthly') return `${minute} ${hour} ${draft.dayOfMonth} * *`;
  return draft.days.length === 0 ? null : `${minute} ${hour} * * ${[...draft.days].sort().join(',')}`;
}

export type Parsed = { readonly data: Record<string, unknown> } | { readonly error: string };

/** The data of a job, or why it is none. */
export function parseData(
  text: string,
  words: { readonly notObject: string; notJson(why: string): string },
): Parsed {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { data: { ...value } };
    return { error: words.notObject };
  } catch (error) {
    return { error: words.notJson(error instanceof Error ? error.message : String(error)) };
  }
}

/** A step as it is saved; `data` is that of a job, parsed. */
export function stepOf(draft: StepDraft, data: Record<string, unknown>): ScheduleStep {
  const { kept } = draft;
  if (draft.kind === 'job') {
    const priority = kept?.kind === 'job' && kept.priority !== undefined ? { priority: kept.priority } : {};
    return { kind: 'job', queue: draft.queue, data, ...priority };
  }
  const before = kept?.kind === 'campaign' ? kept : null;
  return {
    kind: 'campaign',
    name: draft.name,
    priority: before?.priority ?? 2,
    missing: before?.missing ?? 'skip',
    audience: audienceOf(draft, before),
    message: messageOf(draft, before),
  };
}

type Campaign = Extract<ScheduleStep, { kind: 'campaign' }>;

function audienceOf(draft: StepDraft, before: Campaign | null): Campaign['audience'] {
  const excludeTags = [...draft.excludeTags];
  if (draft.audience === 'kept' && before !== null) return before.audience;
  return draft.audience === 'tags'
    ? { kind: 'tags', tags: [...draft.tags], excludeTags }
    : { kind: 'all', excludeTags };
}

const PLAIN_TEXT = WhatsAppContent.parse({ channel: 'whatsapp' });
const PLAIN_EMAIL = EmailContent.parse({ channel: 'email', subject: '-', body: '-' });

function messageOf(
  { channel, subject, body, emailType }: StepDraft,
  before: Campaign | null,
): Campaign['message'] {
  const message = before?.message;
  // What these fields do not show stays as it was.
  if (channel === 'email')
    return { ...(message?.channel === 'email' ? message : PLAIN_EMAIL), emailType, subject, body };
  return { ...(message?.channel === 'whatsapp' ? message : PLAIN_TEXT), body };
}

/** The whole of it as it is saved; null while something is not written yet. */
export function inputOf(draft: ScheduleDraft, words: Parameters<typeof parseData>[1]): ScheduleInput | null {
  const when = whenOf(draft.when);
  if (when === null) return null;
  const steps: ScheduleStep[] = [];
  for (const step of draft.steps) {
    const parsed = step.kind === 'job' ? parseData(step.data, words) : { data: {} };
    if ('error' in parsed) return null;
    steps.push(stepOf(step, parsed.data));
  }
  const { name, graceMinutes, overlap } = draft;
  return { name, when, steps, graceMinutes, overlap };
}

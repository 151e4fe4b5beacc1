import type { Health } from '@shared/contract/common';
import {
  LEAST_ENDED,
  type AlertCondition,
  type AlertScope,
  type IncidentSubject,
} from '@shared/domain/alert-rules';
import type { z } from 'zod';
import type { EngineVitals } from '../engine/vitals';
import type { StoppedCampaign } from './incidents/repository';
import type { Lately } from './lately';

/** What is known of one queue now. */
export interface QueueFigures {
  readonly queue: string;
  readonly failed: number;
  readonly waiting: number;
  readonly paused: boolean;
  /** Null where the engine does not tell who works. */
  readonly workers: number | null;
  readonly oldestWaitingAt: number | null;
  /** By the length of the window in minutes, of those that rules ask for. */
  readonly lately: ReadonlyMap<number, Lately>;
}

/** What all rules are held against at one moment. Null: it could not be read, which is neither good nor bad. */
export interface Picture {
  /** Ms since 1970. */
  readonly at: number;
  readonly engine: { readonly label: string; readonly health: z.infer<typeof Health> };
  readonly queues: readonly QueueFigures[] | null;
  readonly vitals: EngineVitals | null;
  readonly campaigns: readonly StoppedCampaign[] | null;
}

/** One figure of a rule: of what, how much (null: not known), and more about it in words. */
export interface Reading {
  readonly subject: IncidentSubject;
  readonly value: number | null;
  readonly detail: string | null;
}

const MEGABYTE = 1024 ** 2;
const SECOND = 1_000;

/** The figures that a condition is about, in the unit of its threshold. */
export function readingsOf(condition: AlertCondition, picture: Picture): readonly Reading[] {
  switch (condition.kind) {
    case 'failures':
      return ofQueues(condition.scope, picture, (queues) => {
        const lately = together(queues, condition.windowMinutes);
        // What nobody heard may have failed as well: enough is enough, and too few says nothing.
        const isKnown = lately && (lately.isWatched || lately.failed >= condition.threshold);
        return lately && { value: isKnown ? lately.failed : null, detail: lately.reason };
      });
    case 'failure-share':
      return ofQueues(condition.scope, picture, (queues) => {
        const lately = together(queues, condition.windowMinutes);
        return lately && { value: shareOf(lately), detail: lately.reason };
      });
    case 'failed-count':
      return ofQueues(condition.scope, picture, (queues) => ({ value: sum(queues, ({ failed }) => failed) }));
    case 'backlog':
      return ofQueues(condition.scope, picture, (queues) => ({
        value: sum(queues, ({ waiting }) => waiting),
        detail: pausedWords(queues),
      }));
    case 'oldest-waiting':
      return ofQueues(condition.scope, picture, (queues) => ({
        value: Math.max(0, ...queues.map((queue) => waitedMs(queue, picture.at))) / SECOND,
        detail: pausedWords(queues),
      }));
    case 'no-workers':
      return ofQueues(condition.scope, picture, unattended);
    case 'engine-down':
      return [engineReading(picture)];
    case 'memory':
      return [ofEngine(picture, memoryShare(picture.vitals))];
    case 'memory-size': {
      const bytes = picture.vitals?.memory.usedBytes ?? picture.vitals?.storageBytes ?? null;
      return [ofEngine(picture, bytes === null ? null : bytes / MEGABYTE)];
    }
    case 'campaign-stopped':
      return (picture.campaigns ?? [])
        .filter(({ subject }) => condition.campaignId === null || subject.id === condition.campaignId)
        .map(({ subject, reason }) => ({ subject, value: 1, detail: reason }));
  }
}

/** Whether a subject that a condition names no more is known to be fine, and not just out of sight. */
export const isKnownFine = (condition: AlertCondition, picture: Picture): boolean =>
  condition.kind === 'campaign-stopped' ? picture.campaigns !== null : picture.queues !== null;

type Figure = { readonly value: number | null; readonly detail?: string | null } | null;

function ofQueues(
  scope: AlertScope,
  { queues }: Picture,
  measure: (queues: readonly QueueFigures[]) => Figure,
): readonly Reading[] {
  const reading = (subject: IncidentSubject, of: readonly QueueFigures[]): Reading => {
    const figure = of.length === 0 ? null : measure(of);
    return { subject, value: figure?.value ?? null, detail: figure?.detail ?? null };
  };
  if (scope.of === 'together') return [reading({ type: 'queues' }, queues ?? [])];
  if (scope.of === 'queue') {
    const named = (queues ?? []).filter(({ queue }) => queue === scope.queue);
    return [reading({ type: 'queue', queue: scope.queue }, named)];
  }
  return (queues ?? []).map((each) => reading({ type: 'queue', queue: each.queue }, [each]));
}

/** Null where nothing is known of one of them. */
function together(queues: readonly QueueFigures[], minutes: number): Lately | null {
  const all = queues.map(({ lately }) => lately.get(minutes));
  const known = all.filter((each) => each !== undefined);
  if (known.length < all.length) return null;
  const ended = known.map((each) => each.ended).filter((each) => each !== null);
  return {
    failed: sum(known, ({ failed }) => failed),
    reason: known.find(({ reason }) => reason !== null)?.reason ?? null,
    isWatched: known.every(({ isWatched }) => isWatched),
    ended:
      ended.length < known.length
        ? null
        : { completed: sum(ended, ({ completed }) => completed), failed: sum(ended, ({ failed }) => failed) },
  };
}

const shareOf = ({ ended }: Lately): number | null => {
  if (ended === null) return null;
  const all = ended.failed + ended.completed;
  return all < LEAST_ENDED ? 0 : (100 * ended.failed) / all;
};

const waitedMs = ({ oldestWaitingAt }: QueueFigures, now: number): number =>
  oldestWaitingAt === null ? 0 : now - oldestWaitingAt;

/** Null where it is not known of one of them that somebody works. */
const unattended = (queues: readonly QueueFigures[]): Figure => {
  const waiting = queues.filter((queue) => queue.waiting > 0 && !queue.paused);
  if (waiting.some(({ workers }) => workers === null)) return null;
  return { value: sum(waiting, (queue) => (queue.workers === 0 ? queue.waiting : 0)) };
};

const pausedWords = (queues: readonly QueueFigures[]): string | null => {
  const paused = queues.filter((queue) => queue.paused && queue.waiting > 0);
  if (paused.length === 0) return null;
  return queues.length === 1
    ? 'The queue is paused.'
    : `Paused: ${paused.map(({ queue }) => queue).join(', ')}.`;
};

const ofEngine = ({ engine }: Picture, value: number | null): Reading => ({
  subject: { type: 'engine', label: engine.label },
  value,
  detail: null,
});

const engineReading = (picture: Picture): Reading => {
  const { state, problem } = picture.engine.health;
  return { ...ofEngine(picture, state === 'down' ? 1 : state === 'up' ? 0 : null), detail: problem };
};

const memoryShare = (vitals: EngineVitals | null): number | null => {
  const { usedBytes = null, limitBytes = null } = vitals?.memory ?? {};
  return usedBytes === null || limitBytes === null || limitBytes === 0
    ? null
    : (100 * usedBytes) / limitBytes;
};

const sum = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((total, item) => total + of(item), 0);

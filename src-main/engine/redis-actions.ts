import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { JobState } from '@shared/domain/queues';
import {
  refusalReasons,
  type JobAction,
  type JobActions,
  type FailedStretch,
  type JobCopy,
  type Refused,
  type StepOutcome,
  type Target,
  type Targets,
} from './job-actions';
import {
  copyScript,
  moveScript,
  patchScript,
  priorityScript,
  promoteScript,
  removeScript,
  restoreScript,
  retryOldestScript,
  retryScript,
} from './redis-action-scripts';
import { formatLifeLine } from './attempt-log';
import { cancelKey } from './redis-coordination';
import { type RedisScript, scoreBound } from './redis-script';
import { MAX_STEP } from './selection';
import { StepSize } from './step-size';

const outcomeShape = z.tuple([z.number(), z.array(z.string()), z.number()]);
const flat = z.array(z.string());
/**
 * id, state's key, score, fields, logs; of a flow's parent: processed, failed and unsuccessful children; whether a parent
 * waits for it, and until when it is the only one of its kind.
 */
const copyShape = z.tuple([
  z.number(),
  z.array(
    z.tuple([z.string(), z.string(), z.string(), flat, flat, flat, flat, flat, z.number(), z.string()]),
  ),
  z.number(),
]);
const Reason = z.enum(refusalReasons);

const tallyKey = (name: string | undefined): string => (name === undefined ? '' : `adsapp:operation:${name}`);

/** Actions as Lua over BullMQ's keys, at most 1,000 jobs a script and fewer where they take long. */
export class RedisActions implements JobActions {
  private readonly steps: Readonly<Record<JobAction['type'] | 'restore', StepSize>> = {
    retry: new StepSize(MAX_STEP),
    patch: new StepSize(MAX_STEP),
    remove: new StepSize(MAX_STEP),
    promote: new StepSize(MAX_STEP),
    priority: new StepSize(MAX_STEP),
    move: new StepSize(MAX_STEP),
    restore: new StepSize(MAX_STEP),
  };
  private readonly copies = new StepSize(MAX_STEP);

  constructor(
    private readonly client: Redis,
    private readonly prefix: string,
  ) {}

  act({ queue, state, jobs }: Targets, action: JobAction, tally?: string): Promise<StepOutcome> {
    const [script, argument] = scriptOf(action, state, this.base(queue));
    const part = withinBytes(jobs.slice(0, this.steps[action.type].size));
    const args = part.flatMap((target) => argumentsOf(action, target));
    const into = action.type === 'move' ? action.to : queue;
    const handled = part.length;
    return this.run(script, action.type, { queue, into, tally, handled, args: [argument, ...args] });
  }

  async retryOldest(
    { queue, finished, skip, atMost }: FailedStretch,
    leaveCancelled: boolean,
    tally?: string,
  ): Promise<StepOutcome> {
    const count = Math.min(atMost, this.steps.retry.size);
    const args = [leaveCancelled ? 1 : 0, scoreBound(finished.from), scoreBound(finished.to), skip, count];
    const outcome = await this.run(retryOldestScript, 'retry', { queue, tally, handled: 0, args });
    return { ...outcome, handled: outcome.done + outcome.refused.length };
  }

  async tally(name: string): Promise<number> {
    return Number((await this.client.get(tallyKey(name))) ?? 0);
  }

  async lastTaken(name: string, queue: string): Promise<string[]> {
    const base = this.base(queue);
    const keys = await this.client.lrange(`${tallyKey(name)}:last`, 0, -1);
    return keys.filter((key) => key.startsWith(base)).map((key) => key.slice(base.length));
  }

  async copy(queue: string, ids: readonly string[]): Promise<JobCopy[]> {
    const out: JobCopy[] = [];
    for (let at = 0; at < ids.length;) {
      const part = ids.slice(at, at + this.copies.size);
      const [handled, rows] = await this.copies.time(
        async () => copyShape.parse(await copyScript.run(this.client, [this.base(queue)], part)),
        (answer) => answer[2],
      );
      for (const [
        id,
        place,
        score,
        fields,
        logs,
        processed,
        failed,
        unsuccessful,
        owed,
        aloneUntil,
      ] of rows) {
        const content = JSON.stringify({
          state: place,
          score,
          fields,
          logs,
          processed,
          failed,
          unsuccessful,
          isOwed: owed === 1,
          aloneUntil,
        });
        out.push({ id, state: JobState.parse(place === 'prioritized' ? 'waiting' : place), content });
      }
      at += handled;
    }
    return out;
  }

  restore(queue: string, copies: readonly JobCopy[], tally?: string): Promise<StepOutcome> {
    const part = copies.slice(0, this.steps.restore.size);
    const args = part.flatMap(({ id, content }) => [id, content]);
    return this.run(restoreScript, 'restore', { queue, tally, handled: part.length, args: ['', ...args] });
  }

  private async run(
    script: RedisScript,
    step: keyof RedisActions['steps'],
    given: {
      readonly queue: string;
      /** Where jobs are written. */
      readonly into?: string;
      readonly tally: string | undefined;
      readonly handled: number;
      readonly args: readonly (string | number)[];
    },
  ): Promise<StepOutcome> {
    const base = this.base(given.into ?? given.queue);
    const keys = [base, tallyKey(given.tally), cancelKey(given.queue, '')];
    const [done, refusals] = await this.steps[step].time(
      async () => outcomeShape.parse(await script.run(this.client, keys, given.args)),
      (answer) => answer[2],
    );
    return { handled: given.handled, done, refused: pairs(refusals) };
  }

  private base(queue: string): string {
    return `${this.prefix}:${queue}:`;
  }
}

const scriptOf = (
  action: JobAction,
  state: JobState,
  from: string,
): readonly [RedisScript, string | number] => {
  switch (action.type) {
    case 'retry':
      return [retryScript, action.leaveCancelled ? 1 : 0];
    case 'patch':
      return [patchScript, action.leaveCancelled ? 1 : 0];
    case 'promote':
      return [promoteScript, ''];
    case 'priority':
      return [priorityScript, action.priority];
    case 'remove':
      return [removeScript, state];
    case 'move': {
      const line = formatLifeLine({
        type: 'moved',
        at: new Date(),
        from: queueOf(from),
        id: ID_HERE,
        by: action.by,
      });
      const [before, after] = line.split(ID_HERE);
      return [moveScript, JSON.stringify({ state, from, before, after })];
    }
  }
};

/** Stands for a job's id in a line that is made once for many. */
const ID_HERE = '\u0000';

/** The queue of `prefix:queue:`. */
const queueOf = (base: string): string => base.slice(base.indexOf(':') + 1, -1);

/** Characters of payloads that one step may carry; one job goes in any case. */
const MAX_PATCHED = 2_000_000;

const withinBytes = (jobs: readonly Target[]): readonly Target[] => {
  let sum = 0;
  const over = jobs.findIndex(({ patched }, index) => {
    sum += patched?.to.length ?? 0;
    return sum > MAX_PATCHED && index > 0;
  });
  return over < 0 ? jobs : jobs.slice(0, over);
};

const argumentsOf = (action: JobAction, { id, finishedAt, patched }: Target): (string | number)[] => {
  switch (action.type) {
    case 'retry':
      return [id];
    case 'patch':
      // One that has nothing to become is refused as changed.
      return [id, patched === undefined ? '' : sha1(patched.from), patched?.to ?? ''];
    default:
      return [id, finishedAt ?? ''];
  }
};

/** Only to compare: Lua in Redis knows no other. */
const sha1 = (text: string): string => createHash('sha1').update(text).digest('hex');

const pairs = (list: readonly string[]): Refused[] => {
  const out: Refused[] = [];
  for (let index = 0; index < list.length; index += 2) {
    out.push({ id: list[index] ?? '', why: Reason.parse(list[index + 1]) });
  }
  return out;
};

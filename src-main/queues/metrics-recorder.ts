import type { QueueName } from '@shared/domain/queues';
import { elapsed } from '../elapsed';
import type { Engine, QueueChange, QueueSnapshot } from '../engine/engine';
import { NO_GAUGES, ofName, type Gauges } from './gauge-ring';
import { sizeOf } from './histogram';
import { earlierMinutes, NOTHING_EARLIER, withEarlier, type EarlierMinutes } from './metrics-earlier';
import { heardSince, type Heard } from './metrics-heard';
import { ObservedTime, type Measured } from './metrics-ring';
import { FORGOTTEN_AFTER, NamePlaces } from './name-rings';
import { NamesLook } from './names-look';
import { nothing, QueueRings } from './queue-rings';
import { EACH_NAME, type MinuteRow, type NameSeen, type QueueMetricsRepository } from './repository';

export interface RecorderParts {
  readonly engine: Pick<Engine, 'onChanges' | 'onHealth' | 'health' | 'timings' | 'snapshot' | 'selection'>;
  readonly repository: QueueMetricsRepository;
  readonly organizationId: string;
  readonly now: () => number;
  readonly onProblem: (what: string, error: unknown) => void;
}

const secondOf = (ms: number): number => Math.floor(ms / 1_000);

/**
 * Measures every queue, and every name of a job, from what the engine says happened, and keeps each minute in the
 * database. Of a queue all that ended is counted; of a name, all whose name was heard when they were added, and else
 * those that are still there to be asked. What stands in a queue is read several times a minute, and what of it
 * stands under each name once.
 */
export class MetricsRecorder {
  private readonly observed = new ObservedTime();
  private readonly rings = new Map<QueueName, QueueRings>();
  private readonly places = new NamePlaces();
  private readonly unsubscribe: (() => void)[] = [];
  private minuteTimer: NodeJS.Timeout | undefined;
  private lookTimer: NodeJS.Timeout | undefined;
  private lastLook = -Infinity;
  /** When this machine was awake last, in ms since 1970. */
  private awakeAt: number;
  private catchingUp: Promise<void> = Promise.resolve();
  /** When it began to listen, in ms since 1970. */
  private beganAt: number;
  private recalling: Promise<void> = Promise.resolve();
  /** What consoles before this one kept of the hour before it began; undefined until it is read. */
  private earlier: EarlierMinutes | undefined;
  private readonly stopping = new AbortController();
  private savedUntil: number;
  private snapshots: readonly QueueSnapshot[] = [];
  private readonly namesLook: NamesLook;
  private lookingAtNames: Promise<void> | undefined;
  /** The minute in which names were looked at last, in seconds since 1970. */
  private namesMinute = -Infinity;
  /** Names that an earlier console counted, of queues that were not seen yet; undefined until they are read. */
  private earlierNames: readonly NameSeen[] | undefined;

  constructor(private readonly parts: RecorderParts) {
    this.savedUntil = this.minuteStart();
    this.awakeAt = parts.now();
    this.beganAt = parts.now();
    this.namesLook = new NamesLook({
      selection: parts.engine.selection,
      onFound: (queue, found) => this.ringsOf(queue).names.waited(parts.now(), found),
    });
  }

  start(): void {
    const { engine, now } = this.parts;
    this.awakeAt = now();
    this.beganAt = now();
    this.heard(engine.health().state === 'up');
    this.unsubscribe.push(
      engine.onHealth(({ state }) => {
        this.heard(state === 'up');
      }),
      engine.onChanges((changes) => {
        for (const change of changes) this.take(change);
      }),
    );
    this.scheduleMinute();
    this.lookTimer = setInterval(() => void this.lookAround(), LOOK_MS).unref();
    void this.lookAround();
    this.recalling = this.recall();
    this.catchingUp = this.catchUp();
  }

  /** Ends recording; what was measured in the running minute is kept. */
  async stop(): Promise<void> {
    this.stopping.abort();
    for (const end of this.unsubscribe.splice(0)) end();
    clearTimeout(this.minuteTimer);
    clearInterval(this.lookTimer);
    await Promise.all([this.catchingUp, this.lookingAtNames, this.recalling]);
    await this.save(this.minuteStart() + 60);
  }

  /** The overview read the truth anyway: what stands in the queues belongs into the charts. */
  sawSnapshot(snapshots: readonly QueueSnapshot[]): void {
    const now = this.parts.now();
    this.lastLook = now;
    this.snapshots = snapshots;
    for (const { queue, counts, oldestWaitingAt } of snapshots) {
      this.ringsOf(queue).gauges.read(secondOf(now), {
        backlog: counts.waiting,
        active: counts.active,
        delayed: counts.delayed,
        oldestMs: oldestWaitingAt === null ? 0 : Math.max(0, now - oldestWaitingAt.getTime()),
      });
    }
  }

  /** The queues of which anything was seen. */
  queues(): QueueName[] {
    return [...this.rings.keys()];
  }

  /** The names of the jobs that ended on a queue lately, as far as they are counted one by one. */
  names(queue: QueueName): string[] {
    return this.rings.get(queue)?.names.names() ?? [];
  }

  /** From which second since 1970 on the minutes are not in the database yet. */
  unsavedFrom(): number {
    return this.savedUntil;
  }

  /** What ended in the window [from, to) in seconds since 1970, all of it or under one name. */
  measure(queue: QueueName, from: number, to: number, name = ''): Measured {
    // To ask for a queue is not to have seen it: somebody may have mistyped its name.
    return this.rings.get(queue)?.measure(name, from, to, secondOf(this.parts.now())) ?? nothing(0);
  }

  /** What stood in the queue in the window [from, to), all of it or under one name. */
  gauges(queue: QueueName, from: number, to: number, name = ''): Gauges {
    return this.rings.get(queue)?.stood(name, from, to) ?? NO_GAUGES;
  }

  /** Seconds of [from, to), in seconds since 1970, in which this console listened, to a queue or at all. */
  watched(from: number, to: number, queue?: QueueName): number {
    const now = secondOf(this.parts.now());
    if (queue === undefined) return this.observed.within(from, to, now);
    return this.rings.get(queue)?.watched(from, to, now) ?? 0;
  }

  /**
   * What was heard of a queue since a moment within the last hour, in ms since 1970; from before this console began
   * what consoles before it kept, as far as that is read. What was not heard at its time, because the engine was
   * away, counts when it is heard.
   */
  heardSince(queue: QueueName, from: number): Heard {
    const now = this.parts.now();
    const newest = this.rings.get(queue)?.reason() ?? null;
    return {
      stretches: heardSince({
        ...{ from, now, began: this.beganAt - LATE_MS },
        own: (since, until) => this.measure(queue, since, until),
        earlier: this.earlier?.ofQueues.get(queue) ?? new Map(),
      }),
      reason: newest !== null && newest.second * 1_000 >= from ? newest.reason : null,
    };
  }

  private ringsOf(queue: QueueName): QueueRings {
    const second = secondOf(this.parts.now());
    const known = this.rings.get(queue);
    known?.met(second);
    if (known !== undefined) return known;
    const fresh = new QueueRings(this.observed, this.places, second);
    this.rings.set(queue, fresh);
    return fresh;
  }

  private heard(up: boolean): void {
    const second = secondOf(this.parts.now());
    if (up) this.observed.begin(second);
    else this.observed.end(second);
  }

  /**
   * A machine that slept, or whose clock was set, has not watched meanwhile: that is a gap and not a time in which
   * nothing ended.
   */
  private stayAwake(): void {
    const { engine, now } = this.parts;
    if (elapsed(this.awakeAt, now()) > ASLEEP_MS && engine.health().state === 'up') {
      this.observed.end(secondOf(this.awakeAt));
      this.observed.begin(secondOf(now()));
    }
    this.awakeAt = now();
  }

  private take(change: QueueChange): void {
    this.stayAwake();
    if (change.completed + change.failed === 0) return;
    const second = secondOf(this.parts.now());
    const rings = this.ringsOf(change.queue);
    rings.all.finished(second, change.completed, change.failed, change.cancelled);
    if (change.reason !== null) rings.failed(second, change.reason);
    for (const [name, { completed, failed }] of change.named) {
      rings.names.of(name, second).finished(second, completed, failed);
    }
    void this.time(change);
  }

  /** How long the jobs waited and ran; those that are gone already are not in the sample. */
  private async time({ queue, finishedIds, nameless }: QueueChange): Promise<void> {
    try {
      const timings = await this.parts.engine.timings(queue, finishedIds);
      const second = secondOf(this.parts.now());
      const rings = this.ringsOf(queue);
      for (const { id, name, waitMs, runMs } of timings) {
        const named = rings.names.of(name, second);
        const how = nameless.get(id);
        if (how !== undefined) named.finished(second, how === 'completed' ? 1 : 0, how === 'failed' ? 1 : 0);
        rings.all.latency(second, waitMs, runMs);
        named.latency(second, waitMs, runMs);
      }
    } catch (error) {
      this.parts.onProblem('measure finished jobs', error);
    }
  }

  /** A method, because it changes while others wait. */
  private isStopped(): boolean {
    return this.stopping.signal.aborted;
  }

  private minuteStart(): number {
    return Math.floor(this.parts.now() / 60_000) * 60;
  }

  private scheduleMinute(): void {
    const untilNext = 60_000 - (this.parts.now() % 60_000);
    // A moment after the minute's end, so that the timings of its last jobs are in.
    this.minuteTimer = setTimeout(() => {
      void this.endMinute();
    }, untilNext + 1_000);
    this.minuteTimer.unref();
  }

  private async lookAround(): Promise<void> {
    this.stayAwake();
    await this.look();
    this.lookingAtNames ??= this.lookAtNames().finally(() => {
      this.lookingAtNames = undefined;
    });
  }

  /** Nobody may be watching: a look now and then keeps the curves of what stands in the queues. */
  private async look(): Promise<void> {
    const { engine, now, onProblem } = this.parts;
    if (engine.health().state !== 'up' || elapsed(this.lastLook, now()) < LOOK_MS / 2) return;
    try {
      this.sawSnapshot(await engine.snapshot());
    } catch (error) {
      onProblem('read the backlog', error);
    }
  }

  /** Once a minute, towards its end: the last reading of a minute is what is kept of it. At first at once. */
  private async lookAtNames(): Promise<void> {
    const { engine, now, onProblem } = this.parts;
    const minute = this.minuteStart();
    const isFirst = this.namesMinute === -Infinity;
    const isDue = minute > this.namesMinute && (isFirst || secondOf(now()) - minute >= NAMES_AFTER_SECONDS);
    if (!isDue || this.isStopped() || engine.health().state !== 'up') return;
    try {
      await this.rememberNames();
      const looked = await this.namesLook.look(this.snapshots, this.stopping.signal);
      if (looked > 0) this.namesMinute = minute;
    } catch (error) {
      if (!this.isStopped()) onProblem('read the names of what waits', error);
    }
  }

  /** Names that an earlier console counted: where they have nothing in a queue, that is a zero too. */
  private async rememberNames(): Promise<void> {
    const { repository, organizationId, now, onProblem } = this.parts;
    try {
      const since = new Date(now() - FORGOTTEN_AFTER * 1_000);
      this.earlierNames ??= await repository.namesSince(organizationId, since);
    } catch (error) {
      onProblem('read the names of earlier measurements', error);
    }
    this.earlierNames = this.earlierNames?.filter(({ queue, name, lastAt }) => {
      const rings = this.rings.get(queue);
      rings?.names.of(name, secondOf(lastAt.getTime()));
      return rings === undefined;
    });
  }

  private async endMinute(): Promise<void> {
    this.stayAwake();
    await this.save(this.minuteStart());
    if (elapsed(this.beganAt, this.parts.now()) > HOUR_MS) this.earlier = NOTHING_EARLIER;
    if (!this.isStopped()) this.scheduleMinute();
  }

  /** Writes every minute before `until` that is not written yet, and what the longer steps then add up to. */
  private async save(until: number): Promise<void> {
    const { repository, organizationId } = this.parts;
    await this.recalling;
    // The database was away.
    if (this.earlier === undefined) await this.recall();
    const from = this.savedUntil;
    const rows: MinuteRow[] = [];
    for (let minute = from; minute < until; minute += 60) rows.push(...this.minuteRows(minute));
    try {
      await repository.saveMinutes(organizationId, rows);
      this.savedUntil = Math.min(until, this.minuteStart());
      if (rows.length > 0)
        await repository.addUp(organizationId, new Date(from * 1_000), new Date(until * 1_000));
    } catch (error) {
      this.parts.onProblem('keep the measurements of the last minute', error);
      // An hour is kept in memory: what could not be written so long is given up.
      this.savedUntil = Math.max(this.savedUntil, this.minuteStart() - 3_000);
    }
  }

  private minuteRows(minute: number): MinuteRow[] {
    return this.queues().flatMap((queue): MinuteRow[] => {
      const whole = this.measure(queue, minute, minute + 60);
      if (whole.observedSeconds === 0) return [];
      const row = (name: string, measured: Measured, gauges: Gauges): MinuteRow => {
        const { observedSeconds: watchedSeconds, ...counted } = measured;
        const own = { queue, name, minute: new Date(minute * 1_000), watchedSeconds, ...counted, ...gauges };
        return withEarlier(own, this.earlier);
      };
      const stood = this.gauges(queue, minute, minute + 60);
      const named = this.names(queue).flatMap((name) => {
        const measured = this.measure(queue, minute, minute + 60, name);
        const gauges = ofName(stood, this.gauges(queue, minute, minute + 60, name));
        return isEmpty(measured) && isTold(stood, gauges) ? [] : [row(name, measured, gauges)];
      });
      return [row('', whole, stood), ...named];
    });
  }

  /** What consoles before this one kept of the hour before it began. */
  private async recall(): Promise<void> {
    const { repository, organizationId, onProblem } = this.parts;
    const minute = Math.floor(this.beganAt / MINUTE_MS) * MINUTE_MS;
    const minutes = (from: number, to: number) =>
      ({ from: new Date(from), to: new Date(to), stepSeconds: 60 }) as const;
    // Whoever runs writes a minute when it is over: what is kept of one that runs was left by who ended in it.
    const isRunning = this.parts.now() < minute + MINUTE_MS;
    try {
      const [hour, left] = await Promise.all([
        repository.steps(organizationId, minutes(minute - HOUR_MS, minute)),
        isRunning ? repository.steps(organizationId, minutes(minute, minute + MINUTE_MS), EACH_NAME) : [],
      ]);
      this.earlier = earlierMinutes(hour, left);
    } catch (error) {
      onProblem('read the measurements of the last hour', error);
    }
  }

  /** What an earlier run left: minutes that were written and not added up any more. */
  private async catchUp(): Promise<void> {
    const { repository, organizationId, now, onProblem } = this.parts;
    try {
      let from = await repository.notAddedUpSince(organizationId);
      while (from !== null && from.getTime() < now() && !this.isStopped()) {
        const to = new Date(from.getTime() + CATCH_UP_MS);
        await repository.addUp(organizationId, from, to);
        from = to;
      }
    } catch (error) {
      onProblem('add up earlier measurements', error);
    }
  }
}

const MINUTE_MS = 60_000;
/** What happens is heard within this time, in ms: of what was just before it began, a console hears as well. */
const LATE_MS = 250;
const HOUR_MS = 60 * MINUTE_MS;
const LOOK_MS = 15_000;
/** Nothing that is awake is silent for so long: looks come four times a minute. */
const ASLEEP_MS = 60_000;
/** Into the minute; looks come often enough that one falls into the rest of it, with time to look through the jobs. */
const NAMES_AFTER_SECONDS = 30;
/** As much at once as is done in a moment. */
const CATCH_UP_MS = 6 * 3_600_000;

/** What the queue's own reading says of every name, or nothing does, need not be kept of each. */
const isTold = (queue: Gauges, name: Gauges): boolean =>
  name.backlog === null || (queue.backlog === 0 && name.oldestMs === 0);

/** Nothing ended under the name. */
const isEmpty = ({ completed, failed, wait, run }: Measured): boolean =>
  completed + failed + sizeOf(wait) + sizeOf(run) === 0;

import { Worker } from 'node:worker_threads';
import type { Correction } from '@shared/contract/imports';
import { AppFailure, type AppError, unwrap } from '@shared/errors';
import { createClient } from '@shared/rpc/client';
import type { Client } from '@shared/rpc/define';
import { clientWireOver } from '@shared/rpc/duplex';
import { createTransport } from '@shared/rpc/transport';
import type { ReviewPlace } from '../../background/contract';
import { threadDuplex } from '../../background/ports';
import type { SpoolProgress } from '../reader/protocol';
import { type ReaderOptions, runReader } from '../reader/reader-thread';
import { findSpool, spoolPath } from '../reader/spool-task';
import { reviewContract, type ReviewTask } from './contract';
import { Turns } from './turns';

export type ReviewThread = Client<typeof reviewContract>['review'];

/** Drafts whose rows are held in a thread; the one that was looked at longest ago goes first. */
const MAX_SESSIONS = 2;
/** A draft that nobody looks at gives its memory back after so long, in ms. */
const IDLE_MS = 10 * 60_000;
const HEAP_MB = 512;

/** How far the rows of a draft are, until they can be looked through. */
export interface SessionProgress {
  readonly step: 'reading' | 'judging' | 'comparing';
  readonly rows: number;
  /** Null where it is not known. */
  readonly total: number | null;
}

interface Session {
  /** The thread, as soon as it has rows: the opening ends when it has all of them. */
  thread: ReviewThread | undefined;
  /** Corrections are kept one after the other, in the order in which the thread has made them. */
  readonly keeping: Turns;
  /** Changed where the work is done. */
  progress: SessionProgress | undefined;
  /** Rows judged, rows of all; written by the thread. */
  readonly judged: Int32Array;
  readonly place: string;
  readonly opening: Promise<ReviewThread>;
  readonly end: () => Promise<void>;
  /** Calls that need several steps wait for each other. */
  turn: Promise<unknown>;
  idle: NodeJS.Timeout | undefined;
}

export interface ReviewSessions {
  /** Does something with the rows of a draft, alone; the thread is started where there is none. */
  use<T>(place: ReviewPlace, work: (thread: ReviewThread) => Promise<T>): Promise<T>;
  /** The thread of a draft, whatever it is at; nothing where it has no rows yet. For what it answers at any time. */
  now(place: ReviewPlace): ReviewThread | undefined;
  /** Does something that changes the corrections of a draft, alone. */
  keep<T>(importId: string, work: () => Promise<T>): Promise<T>;
  /** Forgets what was read of a draft; a later use reads its corrections anew. */
  close(importId: string): Promise<void>;
  /** How far the rows are; nothing where nobody waits for them. */
  progress(importId: string): SessionProgress | undefined;
  /** Says how far a step is; `undefined` when they can be looked through. */
  tell(importId: string, progress: SessionProgress | undefined): void;
  closeAll(): Promise<void>;
}

export interface SessionOptions {
  readonly reader: ReaderOptions;
  /** The built thread, out/main/review.js. */
  readonly threadPath: string;
  readonly corrections: (place: ReviewPlace) => Promise<Correction[]>;
}

/** The threads that hold the rows of drafts. A thread that dies is followed by another one at the next use. */
export function createReviewSessions({ reader, threadPath, corrections }: SessionOptions): ReviewSessions {
  const sessions = new Map<string, Session>();

  const forget = (importId: string, session: Session): void => {
    if (sessions.get(importId) === session) sessions.delete(importId);
  };

  const close = async (importId: string): Promise<void> => {
    const session = sessions.get(importId);
    sessions.delete(importId);
    await session?.end();
  };

  const openSession = (place: ReviewPlace): Session => {
    const { importId, headerRow, headers } = place;
    const controller = new AbortController();
    const judged = new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT);
    let worker: Worker | undefined;
    const start = async (spool: string, written?: ReviewTask['written']): Promise<ReviewThread> => {
      const task: ReviewTask = {
        ...{ spool, headerRow, headers, judged, ...(written && { written }) },
        corrections: await corrections(place),
      };
      if (controller.signal.aborted) throw new AppFailure(closed);
      worker = new Worker(threadPath, {
        workerData: task,
        resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
      });
      worker.on('error', () => forget(importId, session));
      worker.on('exit', () => forget(importId, session));
      session.thread = clientOf(worker);
      return session.thread;
    };
    const open = async (): Promise<ReviewThread> => {
      const { path, sheet } = place;
      const known = await findSpool(path, sheet);
      if (known !== undefined) return start(known);
      const spool = spoolPath(path, sheet);
      const following = new Following((written) => start(spool, written));
      await writeSpool(place, spool, reader, controller.signal, ({ written, ...progress }) => {
        session.progress = { step: 'reading', ...progress };
        following.grow(written);
      });
      return (await following.whole()) ?? start(spool);
    };
    const opening = open();
    const session: Session = {
      thread: undefined,
      keeping: new Turns(),
      place: placeKey(place),
      progress: { step: 'reading', rows: 0, total: null },
      judged: new Int32Array(judged),
      opening,
      turn: Promise.resolve(),
      idle: undefined,
      async end() {
        clearTimeout(session.idle);
        controller.abort();
        // Why it could not be opened was told to whoever asked for it.
        await opening.catch(() => undefined);
        await worker?.terminate();
      },
    };
    opening.catch(() => {
      forget(importId, session);
      void session.end();
    });
    return session;
  };

  /** Without a wait in between: of two calls at once, the second finds the session of the first. */
  const sessionFor = (place: ReviewPlace): Session => {
    const known = sessions.get(place.importId);
    sessions.delete(place.importId);
    const session = known?.place === placeKey(place) ? known : openSession(place);
    if (known !== undefined && known !== session) void known.end();
    sessions.set(place.importId, session);
    for (const oldest of sessions.keys()) {
      if (sessions.size <= MAX_SESSIONS) break;
      void close(oldest);
    }
    return session;
  };

  return {
    close,
    progress(importId) {
      const session = sessions.get(importId);
      if (session?.progress?.step !== 'judging') return session?.progress;
      const [rows = 0, total = 0] = session.judged;
      return { step: 'judging', rows, total: total === 0 ? null : total };
    },
    now: (place) => {
      const session = sessions.get(place.importId);
      return session?.place === placeKey(place) ? session.thread : undefined;
    },
    keep(importId, work) {
      const session = sessions.get(importId);
      return session === undefined ? work() : session.keeping.next(work);
    },
    tell(importId, progress) {
      const session = sessions.get(importId);
      if (session !== undefined) session.progress = progress;
    },
    async closeAll() {
      await Promise.all([...sessions.keys()].map(close));
    },
    async use(place, work) {
      const session = sessionFor(place);
      const result = session.turn.then(() => session.opening).then(work);
      // The caller gets the error; the next one only waits for its end.
      session.turn = result.catch(() => undefined);
      clearTimeout(session.idle);
      session.idle = setTimeout(() => {
        forget(place.importId, session);
        void session.end();
      }, IDLE_MS).unref();
      return result;
    },
  };
}

const closed: AppError = { code: 'cancelled', message: 'The rows are not looked at any more.' };

const placeKey = ({ path, sheet, headerRow }: ReviewPlace): string =>
  JSON.stringify([path, sheet, headerRow]);

function clientOf(worker: Worker): ReviewThread {
  const wire = clientWireOver(threadDuplex(worker), () => undefined);
  return createClient(reviewContract, createTransport(wire)).review;
}

/** Writes the rows of the sheet as a spool beside the kept file. */
async function writeSpool(
  { path, sheet }: ReviewPlace,
  target: string,
  reader: ReaderOptions,
  signal: AbortSignal,
  onProgress: (progress: SpoolProgress) => void,
): Promise<void> {
  const noRows = (): Promise<never> => Promise.reject(new Error('A spooling reader sends no rows.'));
  await runReader({ kind: 'spool', plan: { path, sheet, target } }, reader, signal, noRows, onProgress);
}

/** A thread that has the rows of a spool while they are written: started with the first of them. */
class Following {
  private thread: Promise<ReviewThread> | undefined;

  constructor(private readonly start: (written: SpoolProgress['written']) => Promise<ReviewThread>) {}

  /** Lets it take in what is written by now. */
  grow(written: SpoolProgress['written']): void {
    if (this.thread === undefined) this.thread = this.start(written);
    else this.thread = grown(this.thread, written.bytes);
    // Whoever waits for the whole is told.
    this.thread.catch(() => undefined);
  }

  /** The thread with all rows; nothing where there was no time for one. */
  async whole(): Promise<ReviewThread | undefined> {
    return this.thread && grown(this.thread, null);
  }
}

async function grown(following: Promise<ReviewThread>, upTo: number | null): Promise<ReviewThread> {
  const thread = await following;
  unwrap(await thread.grow({ upTo }));
  return thread;
}

import { parentPort, Worker } from 'node:worker_threads';
import { toAppError } from '@shared/errors';
import { inspectFile } from './inspect-task';
import { listSheet } from './list-task';
import { NeedsProcess, openFile } from './open-file';
import { ACKNOWLEDGEMENT, BATCHES_IN_FLIGHT, ReaderTask, type ThreadMessage } from './protocol';
import type { SpreadsheetFile } from './row-source';
import { openSpool } from './spool-file';
import { spoolSheet } from './spool-task';
import { stageSheet } from './stage-task';

/** Counts batches that the other side has not dealt with yet, and makes the reader wait for it. */
class Outlet {
  private underWay = 0;
  private wake: (() => void) | undefined;

  constructor(private readonly post: (message: ThreadMessage, handedOver: ArrayBuffer[]) => void) {}

  acknowledge(): void {
    this.underWay -= 1;
    this.wake?.();
  }

  /** Sends what nobody acknowledges. */
  tell(message: ThreadMessage): void {
    this.post(message, []);
  }

  /** Memory that is handed over is not to be used here any more. */
  async send(message: ThreadMessage, handedOver: ArrayBuffer[] = []): Promise<void> {
    this.post(message, handedOver);
    this.underWay += 1;
    await this.until(BATCHES_IN_FLIGHT - 1);
  }

  /** Resolves when no more than `count` batches are under way. */
  async until(count: number): Promise<void> {
    while (this.underWay > count) await new Promise<void>((resolve) => (this.wake = resolve));
  }
}

async function run(task: ReaderTask, outlet: Outlet, sheetJs: boolean): Promise<ThreadMessage> {
  const file = await openFor(task, sheetJs);
  try {
    return await perform(task, file, outlet);
  } finally {
    await file.close();
  }
}

async function openFor(task: ReaderTask, sheetJs: boolean): Promise<SpreadsheetFile> {
  if (task.kind === 'stage' && task.plan.spool !== undefined)
    return openSpool(task.plan.spool, task.plan.sheet);
  const path = task.kind === 'inspect' ? task.ref.path : task.plan.path;
  // The whole file is verified when it is opened first; later on each part is while it is read.
  return openFile(path, { verify: task.kind === 'inspect', sheetJs });
}

async function perform(task: ReaderTask, file: SpreadsheetFile, outlet: Outlet): Promise<ThreadMessage> {
  switch (task.kind) {
    case 'inspect':
      return { type: 'inspected', inspection: await inspectFile(file, task.ref) };
    case 'spool':
      return {
        type: 'spooled',
        rows: await spoolSheet(file, task.plan, (progress) => outlet.tell({ type: 'spooling', progress })),
      };
    case 'list': {
      const entries = await listSheet(file, task.plan, (batch) =>
        outlet.send({ type: 'staged', batch }, [batch.copy.buffer]),
      );
      await outlet.until(0);
      return { type: 'listed', entries };
    }
    case 'stage': {
      const totals = await stageSheet(file, task.plan, (batch) =>
        outlet.send({ type: 'staged', batch }, [batch.copy.buffer]),
      );
      await outlet.until(0);
      return { type: 'read', totals };
    }
  }
}

async function answer(task: ReaderTask, outlet: Outlet, sheetJs: boolean): Promise<ThreadMessage> {
  try {
    return await run(task, outlet, sheetJs);
  } catch (thrown) {
    if (thrown instanceof NeedsProcess) return { type: 'needs-process' };
    const error = toAppError(thrown, 'Reading the file stopped on an unexpected error.');
    // What was not expected reaches the background process as an error of the thread, with its stack.
    if (error.code === 'internal') throw thrown;
    return { type: 'failed', error };
  }
}

/** One task after the other; whoever gives one waits for its answer before the next. */
function startInThread(port: NonNullable<typeof parentPort>): void {
  let outlet: Outlet | undefined;
  port.on('message', (message: unknown) => {
    if (message === ACKNOWLEDGEMENT) return outlet?.acknowledge();
    outlet = new Outlet((value, handedOver) => port.postMessage(value, handedOver));
    void answer(ReaderTask.parse(message), outlet, false).then((value) => port.postMessage(value));
  });
}

/** The same in a process of its own, where SheetJS may run; the first message is the task. */
function startInProcess(): void {
  endWithParent();
  const post = (message: ThreadMessage): void => void process.send?.(message);
  const outlet = new Outlet(post);
  process.once('message', (task) => {
    process.on('message', (message) => {
      if (message === ACKNOWLEDGEMENT) outlet.acknowledge();
    });
    void answer(ReaderTask.parse(task), outlet, true).then(post);
  });
}

/** SheetJS may keep this thread for good, so that another one sees to it that we do not outlive our parent. */
function endWithParent(): void {
  process.on('disconnect', () => process.exit(1));
  const watch = `setInterval(() => {
    try { process.kill(${process.ppid}, 0); } catch { process.kill(process.pid, 'SIGKILL'); }
  }, 1000)`;
  new Worker(watch, { eval: true, resourceLimits: { maxOldGenerationSizeMb: 16 } }).unref();
}

if (parentPort !== null) startInThread(parentPort);
else startInProcess();

import { parentPort, workerData } from 'node:worker_threads';
import { toAppError } from '@shared/errors';
import { inspectFile } from './inspect-task';
import { openFile } from './open-file';
import { previewSheet } from './preview-task';
import { ACKNOWLEDGEMENT, BATCHES_IN_FLIGHT, ReaderTask, type ThreadMessage } from './protocol';
import type { SpreadsheetFile } from './row-source';
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

async function run(task: ReaderTask, outlet: Outlet): Promise<ThreadMessage> {
  const path = task.kind === 'inspect' ? task.ref.path : task.plan.path;
  // The whole file is verified when it is opened first; later on each part is while it is read.
  const file = await openFile(path, { verify: task.kind === 'inspect' });
  try {
    return await perform(task, file, outlet);
  } finally {
    await file.close();
  }
}

async function perform(task: ReaderTask, file: SpreadsheetFile, outlet: Outlet): Promise<ThreadMessage> {
  switch (task.kind) {
    case 'inspect':
      return { type: 'inspected', inspection: await inspectFile(file, task.ref) };
    case 'preview': {
      const preview = await previewSheet(file, task.plan, (phones) =>
        outlet.send({ type: 'phones', phones }),
      );
      await outlet.until(0);
      return { type: 'previewed', preview };
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

if (parentPort !== null) {
  const port = parentPort;
  const outlet = new Outlet((message, handedOver) => port.postMessage(message, handedOver));
  port.on('message', (message: unknown) => {
    if (message === ACKNOWLEDGEMENT) outlet.acknowledge();
  });
  run(ReaderTask.parse(workerData), outlet).then(
    (message) => port.postMessage(message),
    (thrown: unknown) => {
      const error = toAppError(thrown, 'Reading the file stopped on an unexpected error.');
      // What was not expected reaches the background process as an error of the thread, with its stack.
      if (error.code === 'internal') throw thrown;
      port.postMessage({ type: 'failed', error } satisfies ThreadMessage);
    },
  );
}

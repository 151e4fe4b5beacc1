import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** On a thread of its own: our own work must not count as the server's. One PING after the other. */
const PROGRAM = `
const { parentPort, workerData } = require('node:worker_threads');
const socket = require('node:net').connect(workerData.port, '127.0.0.1');
socket.setNoDelay(true);
let sent = 0, worst = 0, count = 0, over = false;
const ping = () => { sent = performance.now(); socket.write('PING\\r\\n'); };
socket.on('data', () => {
  worst = Math.max(worst, performance.now() - sent);
  count += 1;
  if (over) { parentPort.postMessage({ worst, count }); socket.destroy(); return; }
  setTimeout(ping, 1);
});
socket.on('connect', () => { parentPort.postMessage('ready'); ping(); });
parentPort.on('message', (word) => { if (word === 'reset') { worst = 0; count = 0; } else over = true; });
`;

/** What another client of a Redis notices while something runs: its slowest PING in ms. */
export async function worstPingDuring(url: string, work: () => Promise<unknown>): Promise<number> {
  const worker = new Worker(PROGRAM, { eval: true, workerData: { port: Number(new URL(url).port) } });
  try {
    await once(worker, 'message');
    await new Promise((resolve) => setTimeout(resolve, 50));
    worker.postMessage('reset');
    await work();
    worker.postMessage('end');
    const [{ worst }] = (await once(worker, 'message')) as [{ worst: number }];
    return worst;
  } finally {
    await worker.terminate();
  }
}

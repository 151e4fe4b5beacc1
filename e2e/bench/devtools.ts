import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { z } from 'zod';

const POLL_MS = 50;
const CALL_MS = 10_000;

const targetList = z.array(
  z.object({ type: z.string(), url: z.string(), webSocketDebuggerUrl: z.string().optional() }),
);
const reply = z.object({
  id: z.int(),
  result: z.object({ result: z.object({ value: z.unknown() }).optional() }).optional(),
  error: z.object({ message: z.string() }).optional(),
});
const evaluation = z.object({
  result: z.object({ exceptionDetails: z.object({ text: z.string() }).loose().optional() }).optional(),
});

/**
 * The Chrome DevTools protocol, as little of it as a measurement needs: no domain is enabled, so that the page
 * runs as if nobody watched.
 */
export class DevTools {
  private lastId = 0;

  private constructor(private readonly socket: WebSocket) {}

  /** Connects to the browser or page at a `ws:` address. */
  static async connect(url: string): Promise<DevTools> {
    const socket = new WebSocket(url);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return new DevTools(socket);
  }

  /** Waits for a page whose address begins with `prefix`, and connects to it. `port`: of the debugged browser. */
  static async connectToPage(port: number, prefix: string, timeoutMs: number): Promise<DevTools> {
    const deadline = Date.now() + timeoutMs;
    let page: DevTools | undefined;
    while (Date.now() < deadline) {
      const url = page ? undefined : await findPage(port, prefix);
      if (url !== undefined) page = await DevTools.connect(url);
      if (page && (await page.isAt(prefix))) return page;
      await delay(POLL_MS);
    }
    page?.close();
    throw new Error(`No page of ${prefix} opened within ${timeoutMs} ms.`);
  }

  /** A page has its address before it has its document; until then there is none to run anything in. */
  private async isAt(prefix: string): Promise<boolean> {
    try {
      return (await this.evaluate(`location.href.startsWith(${JSON.stringify(prefix)})`, CALL_MS)) === true;
    } catch (error) {
      if (error instanceof Error && error.message.includes('execution context')) return false;
      throw error;
    }
  }

  /** Runs an expression in the page and returns its value, as JSON carries it; promises are awaited. */
  async evaluate(expression: string, timeoutMs: number): Promise<unknown> {
    const answer = await this.call(
      'Runtime.evaluate',
      { expression, awaitPromise: true, returnByValue: true },
      timeoutMs,
    );
    const failure = evaluation.parse(answer).result?.exceptionDetails;
    if (failure) throw new Error(`The page threw: ${JSON.stringify(failure)}`);
    return reply.parse(answer).result?.result?.value;
  }

  /** Asks the browser to close as its user would. It may be gone before it answers: its end is the answer. */
  askToClose(): void {
    this.socket.send(JSON.stringify({ id: ++this.lastId, method: 'Browser.close' }));
  }

  close(): void {
    this.socket.close();
  }

  private call(method: string, params: object, timeoutMs: number): Promise<unknown> {
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        clearTimeout(timer);
        this.socket.off('message', receive);
        this.socket.off('close', lost);
      };
      const lose = (why: string): void => {
        settle();
        reject(new Error(`${method}: ${why}`));
      };
      const lost = (): void => {
        lose('the connection was closed.');
      };
      const receive = (data: Buffer): void => {
        const message: unknown = JSON.parse(data.toString());
        const parsed = reply.safeParse(message);
        if (!parsed.success || parsed.data.id !== id) return;
        if (parsed.data.error) {
          lose(parsed.data.error.message);
          return;
        }
        settle();
        resolve(message);
      };
      const timer = setTimeout(() => {
        lose(`no answer within ${timeoutMs} ms.`);
      }, timeoutMs);
      this.socket.on('message', receive);
      this.socket.once('close', lost);
      this.socket.send(JSON.stringify({ id, method, params }));
    });
  }
}

async function findPage(port: number, prefix: string): Promise<string | undefined> {
  const response = await fetch(`http://127.0.0.1:${port}/json/list`);
  const targets = targetList.parse(await response.json());
  return targets.find(({ type, url }) => type === 'page' && url.startsWith(prefix))?.webSocketDebuggerUrl;
}

import * as http from 'node:http';
import * as https from 'node:https';
import { CONNECT_TIMEOUT } from './request-failure';

export interface Posted {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly text: string;
}

/** The request was written, and its answer did not come in time. */
export class NoAnswer extends Error {}

/** Servers close idle connections after a few seconds; a request on such a one would be lost. */
const IDLE_MS = 4_000;

/**
 * Posts bodies to one address over connections that are kept open; `fetch` takes three times as long for it.
 * Redirects are not followed. The returned function rejects with NoAnswer after `timeoutMs`, with the error of
 * the connection where it breaks, with a CONNECT_TIMEOUT where none was made in time.
 */
export function createPoster(
  url: string,
  headers: Readonly<Record<string, string>>,
  timeoutMs: number,
): (body: string, signal: AbortSignal) => Promise<Posted> {
  const { protocol, hostname, port, pathname, search } = new URL(url);
  const { request, Agent } = protocol === 'https:' ? https : http;
  const agent = new Agent({ keepAlive: true, scheduling: 'lifo', timeout: IDLE_MS });
  // Taken apart once: Node would do it anew for each request.
  const to = {
    protocol,
    hostname: unbracketed(hostname),
    port,
    path: pathname + search,
    method: 'POST',
    agent,
  };

  return (body, signal) =>
    new Promise((resolve, reject) => {
      const sent = request({ ...to, headers: { ...headers, 'content-length': Buffer.byteLength(body) } });
      const timer = setTimeout(() => {
        sent.destroy(isConnected(sent) ? new NoAnswer('no answer in time') : connectTimeout());
      }, timeoutMs);
      const stopped = (): void => void sent.destroy(new Error('stopped'));
      const end = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', stopped);
      };
      const broke = (error: Error): void => {
        end();
        reject(error);
      };
      signal.addEventListener('abort', stopped);
      sent.on('error', broke);
      sent.on('response', (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (part: string) => {
          text += part;
        });
        answer.on('error', broke);
        answer.on('end', () => {
          end();
          const { statusCode = 0 } = answer;
          resolve({ status: statusCode, retryAfter: answer.headers['retry-after'] ?? null, text });
        });
      });
      sent.end(body);
    });
}

/** An IPv6 address stands in brackets in a URL, and nowhere else. */
const unbracketed = (hostname: string): string => hostname.replace(/^\[|\]$/g, '');

/** Until then nothing of the request was written. */
const isConnected = ({ socket }: http.ClientRequest): boolean => socket !== null && !socket.connecting;

const connectTimeout = (): Error =>
  Object.assign(new Error('no connection in time'), { code: CONNECT_TIMEOUT });

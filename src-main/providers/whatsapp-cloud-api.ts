import { z } from 'zod';
import { deadline } from './deadline';
import type { Rejection, SendOutcome, UnknownOutcome, WhatsAppGateway, WhatsAppMessage } from './gateway';
import { certainlyNotSent, failureWords } from './request-failure';
import { retryAfterMs } from './retry-after';

/** The version of the Graph API that the request bodies are written for. */
const GRAPH_VERSION = 'v23.0';
/** Longer than the slowest answer that was ever useful; after it the outcome counts as unknown. */
export const SEND_TIMEOUT_MS = 15_000;

export interface CloudApiOptions {
  /** https://graph.facebook.com, or a fake on loopback. */
  readonly apiBaseUrl: string;
  readonly phoneNumberId: string;
  readonly token: string;
  readonly timeoutMs?: number;
}

const Accepted = z.object({ messages: z.array(z.object({ id: z.string().min(1) })).min(1) });
const GraphError = z.object({
  error: z.object({
    code: z.int(),
    message: z.string().default(''),
    error_data: z.object({ details: z.string() }).partial().optional(),
  }),
});

/** Sends through `POST /{phone number id}/messages`. The token stays in the header and is in no outcome. */
export function createCloudApiGateway(options: CloudApiOptions): WhatsAppGateway {
  const { timeoutMs = SEND_TIMEOUT_MS } = options;
  const base = options.apiBaseUrl.replace(/\/+$/, '');
  const url = `${base}/${GRAPH_VERSION}/${encodeURIComponent(options.phoneNumberId)}/messages`;
  const headers = { authorization: `Bearer ${options.token}`, 'content-type': 'application/json' };

  return {
    name: 'cloud-api',
    async send(message, signal) {
      if (signal.aborted) return { type: 'not-sent', message: 'Stopped before the request was made.' };
      const limit = deadline(signal, timeoutMs);
      try {
        const response = await fetch(url, {
          method: 'POST',
          headers,
          body: JSON.stringify(requestBody(message)),
          signal: limit.signal,
          redirect: 'manual',
        });
        return readAnswer(response.status, response.headers.get('retry-after'), await response.text());
      } catch (error) {
        if (limit.expired()) return unknown(`No answer within ${Math.round(timeoutMs / 1_000)} s.`);
        if (certainlyNotSent(error)) return { type: 'not-sent', message: failureWords(error) };
        return unknown(failureWords(error));
      } finally {
        limit.clear();
      }
    },
  };
}

const unknown = (message: string): UnknownOutcome => ({ type: 'unknown', message });

function readAnswer(status: number, retryAfter: string | null, text: string): SendOutcome {
  const body = parseJson(text);
  if (status >= 200 && status < 300) {
    const accepted = Accepted.safeParse(body);
    const id = accepted.data?.messages[0]?.id;
    return id === undefined
      ? unknown(`WhatsApp answered ${status} without a message id.`)
      : { type: 'accepted', providerMessageId: id };
  }
  const graph = GraphError.safeParse(body);
  if (graph.success) return rejection(graph.data, status, retryAfter);
  if (status >= 500)
    return unknown(`The server answered ${status} without saying what became of the message.`);
  const message = `The server refused the request with status ${status}. Is the API address right?`;
  return { type: 'rejected', code: `http_${status}`, message, httpStatus: status, retryAfterMs: null };
}

function rejection(
  { error }: z.infer<typeof GraphError>,
  httpStatus: number,
  retryAfter: string | null,
): Rejection {
  return {
    type: 'rejected',
    code: String(error.code),
    message: error.error_data?.details ?? error.message,
    httpStatus,
    retryAfterMs: retryAfterMs(retryAfter),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // Not JSON: told apart from an answer by the schemas.
  }
}

/** The Cloud API's request body for one message. */
export function requestBody(message: WhatsAppMessage): Record<string, unknown> {
  const base = {
    messaging_product: 'whatsapp',
    recipient_type: 'individual',
    to: message.to,
    biz_opaque_callback_data: message.deliveryId,
  };
  const { content } = message;
  switch (content.type) {
    case 'text':
      return {
        ...base,
        type: 'text',
        text: { body: content.body, preview_url: /https?:\/\//.test(content.body) },
      };
    case 'audio':
      return { ...base, type: 'audio', audio: { link: content.link } };
    case 'image':
    case 'video':
    case 'document': {
      const caption = content.caption === null || content.caption === '' ? {} : { caption: content.caption };
      const fileName = content.type === 'document' ? { filename: fileNameOf(content.link) } : {};
      return { ...base, type: content.type, [content.type]: { link: content.link, ...caption, ...fileName } };
    }
  }
}

/** What the recipient sees as the document's name: the last part of its address. */
function fileNameOf(link: string): string {
  const path = link.split(/[?#]/, 1)[0] ?? '';
  const last = path.slice(path.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(last) || 'document';
  } catch {
    return last; // Not percent-encoded after all: shown as it is.
  }
}

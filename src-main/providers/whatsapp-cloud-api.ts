import { z } from 'zod';
import type {
  MediaSource,
  Rejection,
  SendOutcome,
  TemplateComponent,
  UnknownOutcome,
  WhatsAppGateway,
  WhatsAppMessage,
} from './gateway';
import { createPoster, NoAnswer } from './poster';
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
  const post = createPoster(url, headers, timeoutMs);

  return {
    name: 'cloud-api',
    async send(message, signal) {
      if (signal.aborted) return { type: 'not-sent', message: 'Stopped before the request was made.' };
      try {
        const { status, retryAfter, text } = await post(JSON.stringify(requestBody(message)), signal);
        return readAnswer(status, retryAfter, text);
      } catch (error) {
        if (certainlyNotSent(error)) return { type: 'not-sent', message: failureWords(error) };
        if (error instanceof NoAnswer) return unknown(`No answer within ${Math.round(timeoutMs / 1_000)} s.`);
        return unknown(failureWords(error));
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
    case 'text': {
      const previewUrl = content.previewUrl && /https?:\/\//.test(content.body);
      return { ...base, type: 'text', text: { body: content.body, preview_url: previewUrl } };
    }
    case 'audio':
      return { ...base, type: 'audio', audio: sourceOf(content) };
    case 'image':
    case 'video':
    case 'document': {
      const caption = content.caption === null || content.caption === '' ? {} : { caption: content.caption };
      const media = { ...sourceOf(content), ...caption, ...fileNameOf(content) };
      return { ...base, type: content.type, [content.type]: media };
    }
    case 'template': {
      const { name, language, components } = content;
      const template = { name, language: { code: language }, components: components.map(componentOf) };
      return { ...base, type: 'template', template };
    }
  }
}

const sourceOf = (source: MediaSource): MediaSource =>
  'id' in source ? { id: source.id } : { link: source.link };

/** A button is named by its place; the parameters fill in the end of its address. */
function componentOf({ type, index, parameters }: TemplateComponent): Record<string, unknown> {
  return {
    type,
    ...(type === 'button' ? { sub_type: 'url', index: String(index) } : {}),
    parameters: parameters.map(({ name, text }) => ({
      type: 'text',
      text,
      ...(name === null ? {} : { parameter_name: name }),
    })),
  };
}

/** Only a document has a name. */
function fileNameOf(content: Extract<WhatsAppMessage['content'], { caption: string | null }>): {
  filename?: string;
} {
  if (content.type !== 'document') return {};
  if (content.fileName !== undefined) return { filename: content.fileName };
  return 'link' in content ? { filename: lastPart(content.link) } : {};
}

/** What the recipient sees as the document's name: the last part of its address. */
function lastPart(link: string): string {
  const path = link.split(/[?#]/, 1)[0] ?? '';
  const last = path.slice(path.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(last) || 'document';
  } catch {
    return last; // Not percent-encoded after all: shown as it is.
  }
}

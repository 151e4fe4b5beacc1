import type { FilledParameter } from '@shared/contract/message';
import type { WhatsAppMessage } from '../providers/gateway';
import type { PreparedMessage, PreparedWhatsApp } from './message';
import { parameterWords } from './message-checks';

type Values = Readonly<Record<string, string>>;

/** What goes to WhatsApp for one recipient: the message filled in with the values frozen at launch. */
export function whatsappContent(prepared: PreparedMessage, values: Values): WhatsAppMessage['content'] {
  if (prepared.channel !== 'whatsapp')
    return { type: 'text', body: prepared.body.render(values), previewUrl: true };
  const { message } = prepared;
  if (message.type === 'template' && message.template !== null) {
    const { name, language } = message.template;
    return { type: 'template', name, language, components: componentsOf(prepared, values) };
  }
  const text = prepared.body.render(values);
  const source = mediaOf(message);
  if (message.type === 'text' || message.type === 'template' || source === null) {
    return { type: 'text', body: text, previewUrl: message.previewUrl };
  }
  if (message.type === 'audio') return { type: 'audio', ...source };
  const fileName =
    message.type === 'document' && message.fileName !== '' ? { fileName: message.fileName } : {};
  return { type: message.type, ...source, caption: text === '' ? null : text, ...fileName };
}

function mediaOf({
  mediaUrl,
  mediaId,
}: PreparedWhatsApp['message']): { link: string } | { id: string } | null {
  if (mediaId !== null) return { id: mediaId };
  return mediaUrl === null ? null : { link: mediaUrl };
}

type Component = Extract<WhatsAppMessage['content'], { type: 'template' }>['components'][number];

function componentsOf({ message, parameters }: PreparedWhatsApp, values: Values): Component[] {
  return (message.template?.components ?? []).map(({ type, index }) => ({
    type,
    index,
    parameters: parameters
      .filter((one) => one.component === type && (type !== 'button' || one.index === index))
      .map(({ name, text }) => ({ name, text: text.render(values) })),
  }));
}

/** A template's parameters as one recipient gets them, each with what WhatsApp would refuse about it. */
export function filledParameters({ parameters }: PreparedWhatsApp, values: Values): FilledParameter[] {
  return parameters.map(({ component, index, name, text }) => {
    const rendered = text.render(values);
    return { component, index, name, text: rendered, problem: parameterWords(rendered) };
  });
}

/** A message as a recipient reads it. Of an approved template the console knows only what was pasted of its text. */
export function readableText(prepared: PreparedWhatsApp, values: Values): string {
  if (prepared.message.type !== 'template') return prepared.body.render(values);
  const body = prepared.parameters.filter(({ component }) => component === 'body');
  const filled = new Map(body.map(({ name, text }, n) => [name ?? String(n + 1), text.render(values)]));
  return prepared.message.body.replace(
    /\{\{\s*([^{}]+?)\s*\}\}/g,
    (all, key: string) => filled.get(key) ?? all,
  );
}

import { createHash } from 'node:crypto';
import type { PreparedMessage } from '../campaigns/message';
import type { Email } from '../providers/gateway';

/** One recipient of a frozen batch. */
export interface EmailRecipient {
  readonly deliveryId: string;
  readonly recipient: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** A body that begins like this was written as HTML; everything else is text. */
const LOOKS_LIKE_HTML = /^\s*<(!doctype|html|head|body|div|p|table|h[1-6]|section|article|center)\b/i;

/** The e-mail for one recipient. The same inputs always give the same bytes: an idempotency key stands for them. */
export function composeEmail(
  prepared: PreparedMessage,
  from: string,
  { deliveryId, recipient, parameters }: EmailRecipient,
): Email {
  const subject = oneLine(prepared.subject?.render(parameters) ?? '');
  const written = LOOKS_LIKE_HTML.test(prepared.body.source);
  const html = written
    ? prepared.body.render(escapeAll(parameters))
    : htmlOf(prepared.body.render(parameters));
  const text = written ? textOf(html) : prepared.body.render(parameters);
  return { to: recipient, from, subject, html, text, deliveryId };
}

/** What a batch's idempotency key stands for. */
export function payloadHash(emails: readonly Email[]): string {
  return createHash('sha256').update(JSON.stringify(emails)).digest('hex');
}

/** A line break in a subject would end the header. */
const oneLine = (text: string): string => text.replace(/\s*[\r\n]+\s*/g, ' ').trim();

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);

const escapeAll = (values: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, escapeHtml(value)]));

/** Text as HTML: paragraphs at empty lines, links made of addresses, right-to-left text left to the reader. */
function htmlOf(text: string): string {
  const paragraphs = text
    .split(/\r?\n\s*\r?\n/)
    .map((paragraph) => `<p>${linked(escapeHtml(paragraph)).replace(/\r?\n/g, '<br>')}</p>`);
  return `<!doctype html><html><body dir="auto">${paragraphs.join('')}</body></html>`;
}

const linked = (escaped: string): string =>
  escaped.replace(/https?:\/\/[^\s<]+[^\s<.,;:!?)\]]/g, (url) => `<a href="${url}">${url}</a>`);

/** The text twin of an HTML body, for readers that show no HTML. */
function textOf(html: string): string {
  return html
    .replace(/<(style|script|head)\b[\s\S]*?<\/\1>/gi, '')
    .replace(/<a\b[^>]*\bhref="([^"]*)"[^>]*>([\s\S]*?)<\/a>/gi, (_, href: string, label: string) =>
      label.trim() === '' || label.trim() === href ? href : `${label} (${href})`,
    )
    .replace(/<br\s*\/?>/gi, '\n')
    .replace(/<\/(p|div|h[1-6]|tr|li|table|section|article)>/gi, '\n\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&nbsp;/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&')
    .replace(/[ \t]+/g, ' ')
    .replace(/ *\n */g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

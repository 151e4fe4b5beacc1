import type { PreparedEmail } from '../campaigns/message';

/** An email's words for one recipient. */
export interface EmailBodies {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
}

type Values = Readonly<Record<string, string>>;

/** Where there is no HTML of its own, a body that begins like this was written as HTML; everything else is text. */
const LOOKS_LIKE_HTML = /^\s*<(!doctype|html|head|body|div|p|table|h[1-6]|section|article|center)\b/i;

/** Subject, HTML and text twin, filled in. Values are escaped in the HTML and nowhere else. */
export function emailBodies(prepared: PreparedEmail, values: Values): EmailBodies {
  const subject = oneLine(prepared.subject.render(values));
  if (prepared.html !== null) {
    const html = withPreheader(
      prepared.html.render(escapeAll(values)),
      oneLine(prepared.preheader.render(values)),
    );
    return { subject, html, text: prepared.text.render(values) };
  }
  if (LOOKS_LIKE_HTML.test(prepared.text.source)) {
    const html = prepared.text.render(escapeAll(values));
    return { subject, html, text: textOfOlder(html) };
  }
  const text = prepared.text.render(values);
  return { subject, html: withPreheader(htmlOf(text), oneLine(prepared.preheader.render(values))), text };
}

/** A line break in a header would end it. */
export const oneLine = (text: string): string => text.replace(/\s*[\r\n\u2028\u2029]+\s*/g, ' ').trim();

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);

const escapeAll = (values: Values): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, escapeHtml(value)]));

/** The line that a mailbox shows behind the subject: first in the body, and not to be seen in it. */
function withPreheader(html: string, preheader: string): string {
  if (preheader === '') return html;
  const hidden = `<div style="display:none;max-height:0;overflow:hidden">${escapeHtml(preheader)}</div>`;
  const body = /<body\b[^>]*>/i.exec(html);
  const at = body === null ? 0 : body.index + body[0].length;
  return html.slice(0, at) + hidden + html.slice(at);
}

/** Text as HTML: paragraphs at empty lines, links made of addresses, right-to-left text left to the reader. */
function htmlOf(text: string): string {
  const paragraphs = text
    .split(/\r?\n\s*\r?\n/)
    .map((paragraph) => `<p>${linked(escapeHtml(paragraph)).replace(/\r?\n/g, '<br>')}</p>`);
  return `<!doctype html><html><body dir="auto">${paragraphs.join('')}</body></html>`;
}

const linked = (escaped: string): string =>
  escaped.replace(/https?:\/\/[^\s<]+[^\s<.,;:!?)\]]/g, (url) => `<a href="${url}">${url}</a>`);

/**
 * The text twin of HTML that was written as the body. Never changes: batches that were frozen before are sent
 * again only while the same inputs give the same bytes.
 */
function textOfOlder(html: string): string {
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

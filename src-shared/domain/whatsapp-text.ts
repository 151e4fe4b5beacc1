/** What WhatsApp refuses in a text, found before it is sent. */

/** Longest body of a text message, and longest caption of media, in UTF-16 units (never more than characters). */
export const MAX_TEXT_LENGTH = 4_096;
export const MAX_CAPTION_LENGTH = 1_024;

export type WhatsAppTextProblemCode = 'empty' | 'too-long';

export interface WhatsAppTextProblem {
  readonly code: WhatsAppTextProblemCode;
  readonly message: string;
}

/** Why a text message with this body would be refused; undefined where it would not. */
export function textBodyProblem(body: string): WhatsAppTextProblem | undefined {
  if (body.trim() === '') return { code: 'empty', message: 'The message is empty.' };
  return lengthProblem(body, MAX_TEXT_LENGTH, 'message');
}

export function captionProblem(caption: string): WhatsAppTextProblem | undefined {
  return lengthProblem(caption, MAX_CAPTION_LENGTH, 'caption');
}

function lengthProblem(text: string, limit: number, what: string): WhatsAppTextProblem | undefined {
  if (text.length <= limit) return undefined;
  const message = `The ${what} has ${text.length} characters; WhatsApp takes at most ${limit}.`;
  return { code: 'too-long', message };
}

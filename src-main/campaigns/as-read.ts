import type { FilledParameter } from '@shared/contract/message';
import { emailBodies } from '../emails/bodies';
import { filledParameters, readableText } from './content';
import type { PreparedMessage } from './message';

/** A message as one recipient gets to read it. */
export interface ReadMessage {
  readonly subject: string | null;
  readonly text: string;
  readonly html: string | null;
  readonly parameters: FilledParameter[];
}

/** Fills a message in for somebody to look at. */
export function asRead(prepared: PreparedMessage, values: Readonly<Record<string, string>>): ReadMessage {
  if (prepared.channel === 'whatsapp') {
    const parameters = filledParameters(prepared, values);
    return { subject: null, text: readableText(prepared, values), html: null, parameters };
  }
  return { ...emailBodies(prepared, values), parameters: [] };
}

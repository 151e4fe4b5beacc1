import type { WhatsAppMessage } from '../providers/gateway';
import type { PreparedMessage } from './message';

/** What goes to WhatsApp for one recipient: the message filled in with the values frozen at launch. */
export function whatsappContent(
  { message, body }: PreparedMessage,
  parameters: Readonly<Record<string, string>>,
): WhatsAppMessage['content'] {
  const text = body.render(parameters);
  if (message.channel !== 'whatsapp' || message.type === 'text' || message.mediaUrl === null) {
    return { type: 'text', body: text };
  }
  if (message.type === 'audio') return { type: 'audio', link: message.mediaUrl };
  return { type: message.type, link: message.mediaUrl, caption: text === '' ? null : text };
}

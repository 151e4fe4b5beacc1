import type { Channel } from '@shared/contract/templates';
import type { ProviderSettings } from '../background/contract';
import { emailSender, whatsappSender, type SenderIdentity } from '../providers/gateways';

/** Who messages of a channel are sent through, as the settings say now. */
export const senderOf = (settings: ProviderSettings, channel: Channel): SenderIdentity =>
  channel === 'whatsapp' ? whatsappSender(settings) : emailSender(settings);

export const ratePerSecond = (settings: ProviderSettings, channel: Channel): number =>
  channel === 'whatsapp' ? settings.messagesPerSecond : settings.emailsPerSecond;

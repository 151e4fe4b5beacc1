import type { SandboxBehaviour } from '@shared/contract/settings';
import type { ProviderSettings } from '../background/contract';
import type { EmailGateway, WhatsAppGateway } from './gateway';
import { createResendGateway } from './resend';
import { createSandboxEmail, createSandboxWhatsApp } from './sandbox';
import { createCloudApiGateway } from './whatsapp-cloud-api';

/** Who sends, and as whom: the identity of a sender in the database. */
export interface SenderIdentity {
  readonly provider: 'whatsapp' | 'resend' | 'sandbox';
  /** The phone number id, or the from address. */
  readonly address: string;
}

export interface Gateways {
  whatsapp(): WhatsAppGateway;
  email(): EmailGateway;
  settings(): ProviderSettings;
  /** Takes effect with the next request; what is in flight ends through the gateway it began with. */
  configure(settings: ProviderSettings): void;
}

/** Nothing leaves the machine until a provider is configured. */
export const SANDBOX_BEHAVIOUR: SandboxBehaviour = {
  minLatencyMs: 20,
  maxLatencyMs: 120,
  failures: [],
  lostAnswerPercent: 0,
};

/** The seed guide's figures: 12–13 messages and 10 emails a second. */
export const SANDBOX_SETTINGS: ProviderSettings = {
  whatsapp: { mode: 'sandbox' },
  email: { mode: 'sandbox', from: 'sandbox@adsapp.invalid' },
  sandbox: SANDBOX_BEHAVIOUR,
  messagesPerSecond: 12.5,
  emailsPerSecond: 10,
};

/** The gateways that the settings name; the sandbox for both until told otherwise. */
export function createGateways(initial: ProviderSettings = SANDBOX_SETTINGS): Gateways {
  let current = initial;
  const behaviour = (): SandboxBehaviour => current.sandbox;
  // Kept over a change of settings, so that a passing failure strikes a recipient only once.
  const sandbox = {
    whatsapp: createSandboxWhatsApp({ behaviour }),
    email: createSandboxEmail({ behaviour }),
  };
  let whatsapp = whatsappGateway(current, sandbox.whatsapp);
  let email = emailGateway(current, sandbox.email);
  return {
    whatsapp: () => whatsapp,
    email: () => email,
    settings: () => current,
    configure(settings) {
      current = settings;
      whatsapp = whatsappGateway(settings, sandbox.whatsapp);
      email = emailGateway(settings, sandbox.email);
    },
  };
}

const whatsappGateway = ({ whatsapp }: ProviderSettings, sandbox: WhatsAppGateway): WhatsAppGateway =>
  whatsapp.mode === 'sandbox' ? sandbox : createCloudApiGateway(whatsapp);

const emailGateway = ({ email }: ProviderSettings, sandbox: EmailGateway): EmailGateway =>
  email.mode === 'sandbox' ? sandbox : createResendGateway(email);

export const whatsappSender = ({ whatsapp }: ProviderSettings): SenderIdentity =>
  whatsapp.mode === 'sandbox'
    ? { provider: 'sandbox', address: 'sandbox' }
    : { provider: 'whatsapp', address: whatsapp.phoneNumberId };

export const emailSender = ({ email }: ProviderSettings): SenderIdentity => ({
  provider: email.mode === 'sandbox' ? 'sandbox' : 'resend',
  address: email.from,
});

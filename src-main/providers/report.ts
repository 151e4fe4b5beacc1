import type { WebhookStatus } from '@shared/domain/delivery';

/** One thing that a provider said afterwards about a message of ours. */
export interface DeliveryReport {
  /** Our id of the delivery, where the provider gave it back. */
  readonly deliveryId: string | null;
  readonly messageId: string;
  /** How it reads in the delivery's timeline. */
  readonly event: string;
  /** What follows for the delivery's state; null: nothing, it is only noted. */
  readonly status: WebhookStatus | null;
  readonly at: Date;
  /** The same for the same thing said twice. */
  readonly key: string;
  readonly error: { readonly code: string; readonly message: string } | null;
}

/** A message that came in: it opens the 24-hour service window of the number it came to. */
/** What WhatsApp tells of an approved template or of a number, and not of a message. */
export type WhatsAppNotice =
  | { readonly type: 'template'; readonly name: string; readonly language: string; readonly event: string }
  /** The quality rating of a number; which of ours it is, Meta does not say in our terms. */
  | { readonly type: 'quality'; readonly event: string };

export interface InboundMessage {
  /** The phone number id. */
  readonly to: string;
  /** E.164. */
  readonly from: string;
  readonly at: Date;
}

/** An id of ours has this shape; anything else that comes back was somebody else's. */
export const OWN_ID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;

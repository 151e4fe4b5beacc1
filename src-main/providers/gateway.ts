/** The two doors out of the house. Three adapters each stand behind them: the provider, and the sandbox. */
export interface WhatsAppGateway {
  readonly name: 'cloud-api' | 'sandbox';
  /** One attempt, never repeated inside. Never rejects. */
  send(message: WhatsAppMessage, signal: AbortSignal): Promise<SendOutcome>;
}

export interface EmailGateway {
  readonly name: 'resend' | 'sandbox';
  /**
   * At most 100 e-mails under one idempotency key: sent again with the same key and the same e-mails, the
   * provider sends nothing twice. One outcome for the batch; on `accepted` one id per e-mail, in order.
   */
  sendBatch(emails: readonly Email[], idempotencyKey: string, signal: AbortSignal): Promise<BatchOutcome>;
}

export interface WhatsAppMessage {
  /** E.164. */
  readonly to: string;
  /** Echoed by webhooks: the only key that finds a message whose answer was lost. */
  readonly deliveryId: string;
  readonly content:
    | { readonly type: 'text'; readonly body: string }
    | {
        readonly type: 'image' | 'video' | 'document';
        readonly link: string;
        readonly caption: string | null;
      }
    | { readonly type: 'audio'; readonly link: string };
}

export interface Email {
  readonly to: string;
  readonly from: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly deliveryId: string;
}

/** The provider said no. `code` is what the error policy table is keyed by. */
export interface Rejection {
  readonly type: 'rejected';
  readonly code: string;
  readonly message: string;
  readonly httpStatus: number | null;
  readonly retryAfterMs: number | null;
}

/** Time-out, reset, or a 5xx without a provider's error body: it may have been sent. */
export interface UnknownOutcome {
  readonly type: 'unknown';
  readonly message: string;
}

/** The request certainly did not leave (connection refused, host not found, aborted before it was written). */
export interface NotSent {
  readonly type: 'not-sent';
  readonly message: string;
}

export type SendOutcome =
  { readonly type: 'accepted'; readonly providerMessageId: string } | Rejection | UnknownOutcome | NotSent;
export type BatchOutcome =
  { readonly type: 'accepted'; readonly ids: readonly string[] } | Rejection | UnknownOutcome | NotSent;

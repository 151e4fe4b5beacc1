/** The two doors out of the house. Three adapters each stand behind them: the provider, and the sandbox. */
export interface WhatsAppGateway {
  readonly name: 'cloud-api' | 'sandbox';
  /** One attempt, never repeated inside. Never rejects. */
  send(message: WhatsAppMessage, signal: AbortSignal): Promise<SendOutcome>;
}

export interface EmailGateway {
  readonly name: 'resend' | 'sandbox';
  /**
   * At most 100 emails under one idempotency key: sent again with the same key and the same emails, the
   * provider sends nothing twice. One outcome for the batch; on `accepted` one id per email, in order.
   */
  sendBatch(emails: readonly Email[], idempotencyKey: string, signal: AbortSignal): Promise<BatchOutcome>;
  /**
   * One email with its files, which batches do not take; as safe to repeat as a batch of one. `contents` are
   * the attachments' in base64, in their order.
   */
  sendSingle(
    email: Email,
    contents: readonly string[],
    idempotencyKey: string,
    signal: AbortSignal,
  ): Promise<BatchOutcome>;
}

export interface WhatsAppMessage {
  /** E.164. */
  readonly to: string;
  /** Echoed by webhooks: the only key that finds a message whose answer was lost. */
  readonly deliveryId: string;
  readonly content:
    | { readonly type: 'text'; readonly body: string; readonly previewUrl: boolean }
    | (MediaSource & {
        readonly type: 'image' | 'video' | 'document';
        readonly caption: string | null;
        /** Of a document; without it the name in the link. */
        readonly fileName?: string;
      })
    | (MediaSource & { readonly type: 'audio' })
    | {
        readonly type: 'template';
        readonly name: string;
        readonly language: string;
        readonly components: readonly TemplateComponent[];
      };
}

/** Where WhatsApp finds a file: at an address, or under the id that it gave at the upload. */
export type MediaSource = { readonly link: string } | { readonly id: string };

export interface TemplateComponent {
  readonly type: 'header' | 'body' | 'button';
  /** Of a button. */
  readonly index: number;
  readonly parameters: readonly { readonly name: string | null; readonly text: string }[];
}

export interface Email {
  readonly to: string;
  readonly from: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly deliveryId: string;
  readonly replyTo?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Only of an email that is sent singly. The content is known by its hash. */
  readonly attachments?: readonly {
    readonly fileName: string;
    readonly contentType: string;
    readonly sha256: string;
  }[];
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
  | {
      readonly type: 'accepted';
      readonly ids: readonly string[];
      /** The provider's limit is used up for so many ms; null where it is not. */
      readonly usedUpForMs: number | null;
    }
  | Rejection
  | UnknownOutcome
  | NotSent;

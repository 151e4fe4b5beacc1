import { z } from 'zod';
import { TemplateId } from '../domain/ids';
import { EmailType } from '../domain/jobs';
import { Count } from './common';

/** One value of an approved template, a small template itself. All of a component are named, or none is. */
export const TemplateParameter = z.object({
  text: z.string().max(1_024, 'A parameter takes at most 1,024 characters.').default(''),
  /** As the approved template names it; null where it counts its parameters. */
  name: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,63}$/, 'Only a–z, 0–9 and _, beginning with a letter.')
    .nullable()
    .default(null),
});
export type TemplateParameter = z.infer<typeof TemplateParameter>;

export const TemplateComponent = z.object({
  type: z.enum(['header', 'body', 'button']),
  /** Which of the template's buttons, from 0; means nothing for the others. */
  index: z.int().min(0).max(9).default(0),
  parameters: z.array(TemplateParameter).min(1, 'A part without parameters is left out.').max(50),
});
export type TemplateComponent = z.infer<typeof TemplateComponent>;

/** A template that WhatsApp has approved, with what is filled into it. */
export const WhatsAppTemplate = z.object({
  name: z
    .string()
    .regex(/^[a-z0-9_]{1,512}$/, 'The name has only a–z, 0–9 and _, as WhatsApp Manager shows it.'),
  language: z
    .string()
    .regex(/^[a-z]{2,3}(_[A-Z]{2,4})?$/, 'A language is written as in WhatsApp Manager: en, en_US, ar.'),
  components: z.array(TemplateComponent).max(12).default([]),
});
export type WhatsAppTemplate = z.infer<typeof WhatsAppTemplate>;

/** A file that goes with an email. Its content is kept in the database, once for each organization. */
export const Attachment = z.object({
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  fileName: z.string().min(1).max(200),
  contentType: z.string().max(200),
  sizeBytes: Count,
});
export type Attachment = z.infer<typeof Attachment>;

/** Control characters: what would end a header. */
const ONE_LINE = /^[^\u0000-\u001f\u007f\u2028\u2029]*$/;
const oneLine = (max: number) => z.string().max(max).regex(ONE_LINE, 'This has to be one line.');

/** By link, or by the id of media uploaded to WhatsApp before; a caption may hold variables (audio takes none). */
export const WhatsAppContent = z.object({
  channel: z.literal('whatsapp'),
  type: z.enum(['text', 'image', 'video', 'document', 'audio', 'template']).default('text'),
  /** The text, the caption, or the approved text of a template: that one is shown and never sent. */
  body: z.string().max(4_096, 'WhatsApp takes at most 4,096 characters.').default(''),
  mediaUrl: z.url().nullable().default(null),
  mediaId: z
    .string()
    .regex(/^[0-9]{1,32}$/, 'A media id is a number, as WhatsApp gave it at the upload.')
    .nullable()
    .default(null),
  /** What a document is called at the recipient; '' takes the name in the link. */
  fileName: oneLine(240).default(''),
  /** Shows a preview of the first link in a text. */
  previewUrl: z.boolean().default(true),
  template: WhatsAppTemplate.nullable().default(null),
  templateId: TemplateId.nullable().default(null),
});

export const EmailContent = z.object({
  channel: z.literal('email'),
  emailType: EmailType.default('campaign'),
  subject: z.string().min(1, 'An email needs a subject.').max(500),
  /** The text. Beside `html` it is the text twin, and '' has it made of the HTML. */
  body: z.string().max(100_000).default(''),
  html: z.string().max(100_000).nullable().default(null),
  /** What a mailbox shows behind the subject. */
  preheader: z.string().max(300).default(''),
  fromName: oneLine(120).default(''),
  replyTo: z.email('This is not an email address.').nullable().default(null),
  /** Where `List-Unsubscribe` leads: a https: or mailto: address that may hold variables. */
  unsubscribe: oneLine(1_000).default(''),
  attachments: z.array(Attachment).max(20, 'At most 20 attachments.').default([]),
  templateId: TemplateId.nullable().default(null),
});

export const Message = z.discriminatedUnion('channel', [WhatsAppContent, EmailContent]);
export type Message = z.infer<typeof Message>;
export type WhatsAppContent = z.infer<typeof WhatsAppContent>;
export type EmailContent = z.infer<typeof EmailContent>;

/** Something that keeps a message from being sent to anybody, and where it stands. */
export const MessageProblem = z.object({
  message: z.string(),
  /** The field: `body`, `subject`, `template.components.0.parameters.1`. */
  field: z.string().default('body'),
  /** 1-based; null where the field as a whole is meant. */
  line: z.int().nullable().default(null),
  column: z.int().nullable().default(null),
});
export type MessageProblem = z.infer<typeof MessageProblem>;

/** One parameter of a template as a recipient gets it. */
export const FilledParameter = z.object({
  component: z.enum(['header', 'body', 'button']),
  index: z.int(),
  name: z.string().nullable(),
  text: z.string(),
  /** Why WhatsApp would refuse it; null where it would not. */
  problem: z.string().nullable(),
});
export type FilledParameter = z.infer<typeof FilledParameter>;

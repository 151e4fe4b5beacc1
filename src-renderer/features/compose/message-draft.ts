import { type Attachment, Message, type TemplateComponent } from '@shared/contract/message';
import type { Channel } from '@shared/contract/templates';
import { EMAIL_TYPES } from '@shared/domain/email-types';
import { EmailType } from '@shared/domain/jobs';
import type { JobPriorityValue } from '@shared/domain/queues';

export type MessageType = 'text' | 'image' | 'video' | 'document' | 'audio' | 'template';

export interface DraftParameter {
  /** '' where the template counts its parameters. */
  readonly name: string;
  readonly text: string;
}

export interface DraftComponent {
  readonly type: TemplateComponent['type'];
  readonly index: number;
  readonly parameters: readonly DraftParameter[];
}

/** What the fields of a message hold: those of every kind, so that changing the kind loses nothing. */
export interface MessageDraft {
  readonly channel: Channel;
  readonly templateId: string | null;
  /** The text, the caption, or a template's approved text. */
  readonly body: string;
  readonly type: MessageType;
  readonly mediaBy: 'link' | 'id';
  readonly mediaUrl: string;
  readonly mediaId: string;
  readonly fileName: string;
  readonly previewUrl: boolean;
  readonly template: {
    readonly name: string;
    readonly language: string;
    readonly components: readonly DraftComponent[];
  };
  readonly emailType: EmailType;
  readonly format: 'text' | 'html';
  readonly subject: string;
  readonly html: string;
  /** The text twin as it was written; null has it made of the HTML. */
  readonly twin: string | null;
  readonly preheader: string;
  readonly fromName: string;
  readonly replyTo: string;
  readonly unsubscribe: string;
  readonly attachments: readonly Attachment[];
}

export const newMessage = (channel: Channel): MessageDraft => ({
  channel,
  templateId: null,
  body: '',
  type: 'text',
  mediaBy: 'link',
  mediaUrl: '',
  mediaId: '',
  fileName: '',
  previewUrl: true,
  template: {
    name: '',
    language: 'en',
    components: [{ type: 'body', index: 0, parameters: [{ name: '', text: '' }] }],
  },
  emailType: 'campaign',
  format: 'text',
  subject: '',
  html: '',
  twin: null,
  preheader: '',
  fromName: '',
  replyTo: '',
  unsubscribe: '',
  attachments: [],
});

/** What is wrong, by field: `body`, `template.name`, `template.components.0.parameters.1.text`. */
export type FieldProblems = Readonly<Record<string, string>>;

export interface MessageCheck {
  readonly message: Message | null;
  /** The first thing wrong with each field, in plain words. */
  readonly problems: FieldProblems;
}

export interface MessageWords {
  readonly needsText: string;
  readonly needsMedia: string;
  readonly needsTemplate: string;
}

/** The message as it would be sent, or what keeps it from being one. */
export function messageOf(draft: MessageDraft, words: MessageWords): MessageCheck {
  const parsed = Message.safeParse(draft.channel === 'email' ? emailOf(draft) : whatsappOf(draft));
  const problems: Record<string, string> = { ...lacking(draft, words) };
  for (const issue of parsed.error?.issues ?? []) problems[issue.path.join('.')] ??= issue.message;
  if (parsed.success && Object.keys(problems).length === 0) return { message: parsed.data, problems };
  return { message: null, problems: inOrder(problems) };
}

/** The subject stands before the body. */
const inOrder = ({ subject, ...rest }: Record<string, string>): FieldProblems =>
  subject === undefined ? rest : { subject, ...rest };

function lacking(draft: MessageDraft, words: MessageWords): Record<string, string> {
  if (draft.channel === 'email') {
    const field = draft.format === 'html' ? 'html' : 'body';
    return draft[field].trim() === '' ? { [field]: words.needsText } : {};
  }
  if (draft.type === 'template')
    return draft.template.name === '' ? { 'template.name': words.needsTemplate } : {};
  if (draft.type === 'text') return draft.body.trim() === '' ? { body: words.needsText } : {};
  const field = draft.mediaBy === 'link' ? 'mediaUrl' : 'mediaId';
  return draft[field].trim() === '' ? { [field]: words.needsMedia } : {};
}

function whatsappOf(draft: MessageDraft) {
  const { type, mediaBy, template } = draft;
  const media = type !== 'text' && type !== 'template';
  return {
    channel: 'whatsapp',
    type,
    body: type === 'audio' ? '' : draft.body,
    mediaUrl: media && mediaBy === 'link' ? draft.mediaUrl.trim() : null,
    mediaId: media && mediaBy === 'id' ? draft.mediaId.trim() : null,
    fileName: type === 'document' ? draft.fileName.trim() : '',
    previewUrl: draft.previewUrl,
    template:
      type !== 'template'
        ? null
        : {
            name: template.name.trim(),
            language: template.language.trim(),
            components: template.components
              .filter(({ parameters }) => parameters.length > 0)
              .map(({ type: part, index, parameters }) => ({
                type: part,
                index,
                parameters: parameters.map(({ name, text }) => ({
                  name: name.trim() === '' ? null : name.trim(),
                  text,
                })),
              })),
          },
    templateId: draft.templateId,
  };
}

function emailOf(draft: MessageDraft) {
  const isHtml = draft.format === 'html';
  return {
    channel: 'email',
    emailType: draft.emailType,
    subject: draft.subject,
    body: isHtml ? (draft.twin ?? '') : draft.body,
    html: isHtml ? draft.html : null,
    preheader: draft.preheader.trim(),
    fromName: draft.fromName.trim(),
    replyTo: draft.replyTo.trim() === '' ? null : draft.replyTo.trim(),
    unsubscribe: draft.unsubscribe.trim(),
    attachments: [...draft.attachments],
    templateId: draft.templateId,
  };
}

/** Another type of email, with its beginning in what nobody has written into yet. */
export function withEmailType<D extends MessageDraft & { readonly priority: JobPriorityValue }>(
  draft: D,
  emailType: EmailType,
): D {
  const rules = EMAIL_TYPES[emailType];
  const isUntouched = (field: 'subject' | 'html'): boolean =>
    draft[field] === '' || EmailType.options.some((each) => EMAIL_TYPES[each][field] === draft[field]);
  return {
    ...draft,
    emailType,
    priority: rules.priority,
    ...(isUntouched('subject') ? { subject: rules.subject } : {}),
    ...(isUntouched('html') && draft.body === '' ? { format: 'html', html: rules.html } : {}),
  };
}

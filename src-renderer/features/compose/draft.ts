import { Audience, Message, type campaigns } from '@shared/contract/campaigns';
import type { Channel, Template } from '@shared/contract/templates';
import type { JobPriorityValue } from '@shared/domain/queues';
import type { InputOf } from '@shared/rpc/define';

export type LaunchInput = InputOf<(typeof campaigns)['launch']>;
export type AudienceKind = 'all' | 'tags' | 'search' | 'import';
export type MessageType = 'text' | 'image' | 'video' | 'document' | 'audio';

/** A message as it is being written: what the fields hold, whether it can be sent yet or not. */
export interface Draft {
  readonly name: string;
  readonly channel: Channel;
  readonly audienceKind: AudienceKind;
  readonly tags: readonly string[];
  readonly excludeTags: readonly string[];
  readonly search: string;
  readonly importId: string | null;
  readonly templateId: string | null;
  readonly type: MessageType;
  readonly mediaUrl: string;
  readonly subject: string;
  readonly body: string;
  readonly missing: 'refuse' | 'skip';
  readonly priority: JobPriorityValue;
  readonly when: 'now' | 'delay' | 'at';
  readonly delayMinutes: number;
  /** As `<input type="datetime-local">` holds it, in the time zone of this machine. */
  readonly at: string;
}

/** An empty draft, for one import where the address names it. */
export const newDraft = (channel: Channel, importId: string | undefined): Draft => ({
  name: '',
  channel,
  audienceKind: importId === undefined ? 'all' : 'import',
  tags: [],
  excludeTags: [],
  search: '',
  importId: importId ?? null,
  templateId: null,
  type: 'text',
  mediaUrl: '',
  subject: '',
  body: '',
  missing: 'refuse',
  priority: 1,
  when: 'now',
  delayMinutes: 30,
  at: '',
});

/** The draft with a saved template's channel and words in it. */
export const withTemplate = (draft: Draft, template: Template): Draft => ({
  ...draft,
  channel: template.channel,
  templateId: template.id,
  subject: template.subject ?? draft.subject,
  body: template.body,
  name: draft.name === '' ? template.name : draft.name,
});

/** Who is meant, or null while that is not said yet. */
export function audienceOf(draft: Draft): Audience | null {
  const excludeTags = [...draft.excludeTags];
  const parsed = Audience.safeParse({
    kind: draft.audienceKind,
    excludeTags,
    tags: draft.tags,
    search: draft.search.trim(),
    importId: draft.importId,
  });
  return parsed.success ? parsed.data : null;
}

/** The fields of a message that can be wrong. */
export type MessageField = 'subject' | 'body' | 'mediaUrl';

export interface MessageCheck {
  readonly message: Message | null;
  /** The first thing wrong with each field, in plain words. */
  readonly problems: Readonly<Partial<Record<MessageField, string>>>;
}

const isMessageField = (path: PropertyKey | undefined): path is MessageField =>
  path === 'subject' || path === 'body' || path === 'mediaUrl';

export interface MessageWords {
  readonly needsText: string;
  readonly needsMedia: string;
}

/** The message as it would be sent, or what keeps it from being one. */
export function messageOf(draft: Draft, words: MessageWords): MessageCheck {
  const withMedia = draft.channel === 'whatsapp' && draft.type !== 'text';
  if (draft.channel === 'whatsapp' && draft.type === 'text' && draft.body.trim() === '')
    return { message: null, problems: { body: words.needsText } };
  if (withMedia && draft.mediaUrl.trim() === '')
    return { message: null, problems: { mediaUrl: words.needsMedia } };
  const parsed = Message.safeParse({
    channel: draft.channel,
    type: draft.type,
    body: draft.type === 'audio' && draft.channel === 'whatsapp' ? '' : draft.body,
    mediaUrl: withMedia ? draft.mediaUrl.trim() : null,
    emailType: 'campaign',
    subject: draft.subject,
    templateId: draft.templateId,
  });
  if (parsed.success) return { message: parsed.data, problems: {} };
  const problems: Partial<Record<MessageField, string>> = {};
  for (const issue of parsed.error.issues) {
    const [field] = issue.path;
    if (isMessageField(field)) problems[field] ??= issue.message;
  }
  return { message: null, problems };
}

/** When it is to start, as `launch` takes it; null where the time is missing, unreadable or over. */
export function startOf(
  draft: Pick<Draft, 'when' | 'delayMinutes' | 'at'>,
  now: number,
): Pick<LaunchInput, 'delayMs' | 'startAt'> | null {
  if (draft.when === 'now') return {};
  if (draft.when === 'delay') return { delayMs: Math.round(draft.delayMinutes * 60_000) };
  const at = Date.parse(draft.at);
  return Number.isNaN(at) || at <= now ? null : { startAt: new Date(at).toISOString() };
}

/** `text` with `inserted` in place of what is between `start` and `end`. */
export const insertAt = (text: string, inserted: string, start: number, end: number): string =>
  text.slice(0, start) + inserted + text.slice(end);

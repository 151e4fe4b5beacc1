import { Audience, ContactConditions, type RecipientList } from '@shared/contract/audiences';
import type { campaigns } from '@shared/contract/campaigns';
import type { Channel, Template } from '@shared/contract/templates';
import { DEFAULT_FAILURE_SHARE } from '@shared/domain/campaign-safety';
import { DraftId } from '@shared/domain/ids';
import { type QuietHours, USUAL_QUIET_HOURS } from '@shared/domain/quiet-hours';
import type { JobPriorityValue } from '@shared/domain/queues';
import { instantOf } from '@shared/domain/zoned-time';
import type { InputOf } from '@shared/rpc/define';
import { isSaid } from '@renderer/audience/conditions';
import { type MessageDraft, newMessage } from './message-draft';

export type LaunchInput = InputOf<(typeof campaigns)['launch']>;
export type AudienceKind = 'all' | 'tags' | 'filter' | 'search' | 'import' | 'paste' | 'file';

/** A message with its audience and start as it is being written, whether it can be sent yet or not. */
export interface Draft extends MessageDraft {
  /** Under which main keeps what is mended for this message only. */
  readonly id: DraftId;
  readonly name: string;
  readonly audienceKind: AudienceKind;
  readonly tags: readonly string[];
  readonly excludeTags: readonly string[];
  readonly search: string;
  readonly importId: string | null;
  readonly where: ContactConditions;
  /** What was pasted and what came in a file, once main has taken it in. */
  readonly pasted: RecipientList | null;
  readonly file: RecipientList | null;
  /** One percent goes first, and the rest waits for a word. */
  readonly canary: boolean;
  /** In percent; null: failures never stop it. */
  readonly stopAtFailurePercent: number | null;
  readonly missing: 'refuse' | 'skip';
  readonly priority: JobPriorityValue;
  readonly when: 'now' | 'delay' | 'at';
  readonly delayMinutes: number;
  /** As `<input type="datetime-local">` holds it, by the clocks of `zone`. */
  readonly at: string;
  readonly zone: string;
  readonly isQuiet: boolean;
  readonly quiet: QuietHours;
  /** Where more are reached than WhatsApp's limit leaves. */
  readonly overBudget: OverBudget;
}

export const OVER_BUDGET = ['fit', 'fit-only', 'send'] as const;
export type OverBudget = (typeof OVER_BUDGET)[number];

/** An empty draft, for one import where the address names it. */
export const newDraft = (channel: Channel, importId: string | undefined): Draft => ({
  ...newMessage(channel),
  id: DraftId.parse(crypto.randomUUID()),
  name: '',
  audienceKind: importId === undefined ? 'all' : 'import',
  tags: [],
  excludeTags: [],
  search: '',
  importId: importId ?? null,
  where: ContactConditions.parse({}),
  pasted: null,
  file: null,
  canary: false,
  stopAtFailurePercent: DEFAULT_FAILURE_SHARE * 100,
  missing: 'refuse',
  priority: 1,
  when: 'now',
  delayMinutes: 30,
  at: '',
  zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  isQuiet: false,
  quiet: USUAL_QUIET_HOURS,
  overBudget: 'fit',
});

/** The draft with a saved template's channel and words in it. */
export const withTemplate = (draft: Draft, template: Template): Draft => ({
  ...draft,
  channel: template.channel,
  templateId: template.id,
  subject: template.subject ?? draft.subject,
  ...wordsOf(template, draft),
  name: draft.name === '' ? template.name : draft.name,
});

/** A body that begins with a tag was written as HTML. */
function wordsOf({ channel, body }: Template, { type }: MessageDraft): Partial<MessageDraft> {
  if (channel === 'whatsapp') return { type: type === 'template' ? 'text' : type, body };
  return /^\s*</.test(body) ? { format: 'html', html: body, twin: null } : { format: 'text', body };
}

/** Who is meant, or null while that is not said yet. */
export function audienceOf(draft: Draft): Audience | null {
  const excludeTags = [...draft.excludeTags];
  const list =
    draft.audienceKind === 'paste' ? draft.pasted : draft.audienceKind === 'file' ? draft.file : null;
  const isList = draft.audienceKind === 'paste' || draft.audienceKind === 'file';
  const parsed = Audience.safeParse({
    kind: isList ? 'list' : draft.audienceKind,
    listId: list?.id,
    where: { ...draft.where, fields: draft.where.fields.filter(isSaid) },
    excludeTags,
    tags: draft.tags,
    search: draft.search.trim(),
    importId: draft.importId,
  });
  return parsed.success ? parsed.data : null;
}

/** Quiet hours as they are sent along: who has no phone that says where they are is in the zone of the draft. */
export const quietOf = ({ channel, quiet, zone }: Pick<Draft, 'channel' | 'quiet' | 'zone'>): QuietHours =>
  channel === 'email' ? { ...quiet, timeZone: zone } : quiet;

/** When it is to start, as `launch` takes it; null where the time is missing, unreadable or over. */
export function startOf(
  draft: Pick<Draft, 'when' | 'delayMinutes' | 'at' | 'zone'>,
  now: number,
): Pick<LaunchInput, 'delayMs' | 'startAt'> | null {
  if (draft.when === 'now') return {};
  if (draft.when === 'delay') return { delayMs: Math.round(draft.delayMinutes * 60_000) };
  const at = instantOf(draft.at, draft.zone);
  return at === null || at <= now ? null : { startAt: new Date(at).toISOString() };
}

import { ContactConditions, type RecipientList } from '@shared/contract/audiences';
import { Audience } from '@shared/contract/campaigns';
import { isSaid } from '@renderer/audience/conditions';

export const AUDIENCE_KINDS = [
  'all',
  'tags',
  'filter',
  'search',
  'import',
  'paste',
  'file',
  'contacts',
] as const;
export type AudienceKind = (typeof AUDIENCE_KINDS)[number];

/** What the fields of the audience hold, whether they say somebody yet or not. */
export interface AudienceChoice {
  readonly kind: AudienceKind;
  readonly tags: readonly string[];
  readonly search: string;
  readonly importId: string | null;
  readonly contactIds: readonly string[];
  readonly excludeTags: readonly string[];
  readonly where: ContactConditions;
  /** What was pasted and what came in a file. */
  readonly pasted: RecipientList | null;
  readonly file: RecipientList | null;
}

export const EVERYBODY: AudienceChoice = {
  kind: 'all',
  tags: [],
  search: '',
  importId: null,
  contactIds: [],
  excludeTags: [],
  where: ContactConditions.parse({}),
  pasted: null,
  file: null,
};

/** The list that is meant; null where none is. */
export const listOf = ({ kind, pasted, file }: AudienceChoice): RecipientList | null =>
  kind === 'paste' ? pasted : kind === 'file' ? file : null;

/** Who is meant, or null while that is not said yet. */
export function audienceOf(choice: AudienceChoice): Audience | null {
  const { kind, where } = choice;
  const parsed = Audience.safeParse({
    ...choice,
    kind: kind === 'paste' || kind === 'file' ? 'list' : kind,
    listId: listOf(choice)?.id,
    where: { ...where, fields: where.fields.filter(isSaid) },
    search: choice.search.trim(),
  });
  return parsed.success ? parsed.data : null;
}

import type { TemplateValues } from '@shared/domain/template';

/** What a contact offers to a template. */
export interface ContactFields {
  readonly name: string | null;
  readonly phone: string | null;
  readonly email: string | null;
  readonly customFields: Readonly<Record<string, unknown>>;
}

/** A contact's values: its own fields first, then its custom fields; as campaigns freeze them at launch. */
export function contactValues({ name, phone, email, customFields }: ContactFields): TemplateValues {
  const own = Object.entries({ name, phone, email }).filter(([, value]) => value !== null && value !== '');
  return Object.fromEntries([...Object.entries(customFields).filter(isPrintable), ...own]);
}

const isPrintable = (entry: [string, unknown]): entry is [string, string | number | boolean] =>
  ['string', 'number', 'boolean'].includes(typeof entry[1]);

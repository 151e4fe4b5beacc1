import { cellLine, cellText, type CellValue } from './cell';
import { customKeyProblem, type ColumnTarget } from './column-mapping';
import { parseEmail } from './email';
import { createPhoneNormaliser, parseCountryCode, type PhoneNormaliser } from './phone';

/** One address of a list; where neither phone nor email could be read, `problem` says why. */
export interface ListEntry {
  readonly written: string;
  readonly phone: string | null;
  readonly email: string | null;
  readonly name: string | null;
  /** Values for the message's variables. */
  readonly given: Readonly<Record<string, string>>;
  readonly problem: string | null;
}

/** What was pasted is kept as it stood, but not without end. */
const MAX_WRITTEN = 200;

/**
 * The addresses of a pasted text, in order: one a line, or with commas, semicolons or tabs between them. A space
 * separates only after a whole email address: phone numbers are written with spaces.
 */
export function* pastedAddresses(text: string): Generator<string, void, undefined> {
  for (const line of text.split(/[\r\n,;\t]+/)) {
    const parts = line.includes('@') && !/[<>"]/.test(line) ? line.split(/\s+/) : [line];
    for (const part of parts) {
      const address = part.trim();
      if (address !== '') yield address;
    }
  }
}

/** A function that reads one address as a phone or an email. Make one per default country and keep it. */
export function createAddressReader(defaultCountry: string | null): (address: string) => ListEntry {
  const phone = phoneReader(defaultCountry);
  return (address) => {
    const { name, bare } = withoutName(address);
    const written = address.slice(0, MAX_WRITTEN);
    if (bare.includes('@')) {
      const email = parseEmail(bare);
      return email.ok
        ? { written, phone: null, email: email.email, name, given: {}, problem: null }
        : { written, phone: null, email: null, name, given: {}, problem: email.reason };
    }
    const read = phone(bare);
    return read.ok
      ? { written, phone: read.e164, email: null, name, given: {}, problem: null }
      : { written, phone: null, email: null, name, given: {}, problem: read.reason };
  };
}

const phoneReader = (defaultCountry: string | null): PhoneNormaliser =>
  createPhoneNormaliser(defaultCountry === null ? undefined : parseCountryCode(defaultCountry));

/** `Sara <sara@example.com>`, as mail programs write it. */
function withoutName(address: string): { name: string | null; bare: string } {
  const [, name, bare] = /^"?([^"<>]*?)"?\s*<([^<>]+)>$/.exec(address) ?? [];
  return bare === undefined
    ? { name: null, bare: address }
    : { name: name?.trim() || null, bare: bare.trim() };
}

/** The columns of a sheet as a list has them: where the addresses are, and what the others are called. */
export interface ListColumns {
  readonly phone: number | null;
  readonly email: number | null;
  readonly name: number | null;
  /** The name of the variable of each column, null where it offers none. */
  readonly fields: readonly (string | null)[];
}

/** What is in the columns of a sheet: as it was found, or with the addresses in the columns that were chosen. */
export function listMapping(
  columns: readonly { readonly header: string; readonly target: ColumnTarget }[],
  chosen: { readonly phone: number | null; readonly email: number | null } | undefined,
): ColumnTarget[] {
  if (chosen === undefined) return columns.map(({ target }) => target);
  return columns.map(({ header, target }, index) => {
    if (index === chosen.phone) return { field: 'phone' };
    if (index === chosen.email) return { field: 'email' };
    // What was taken for an address is a value like any other now.
    return target.field === 'phone' || target.field === 'email' ? asField(header) : target;
  });
}

function asField(header: string): ColumnTarget {
  const key = header
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_+|_+$/g, '');
  return customKeyProblem(key) === undefined ? { field: 'custom', key } : { field: 'ignore' };
}

/** What a list makes of the columns that an import would map so. */
export function listColumns(targets: readonly ColumnTarget[]): ListColumns {
  const find = (field: ColumnTarget['field']): number | null => {
    const index = targets.findIndex((target) => target.field === field);
    return index === -1 ? null : index;
  };
  return {
    phone: find('phone'),
    email: find('email'),
    name: find('name'),
    fields: targets.map(fieldOf),
  };
}

function fieldOf(target: ColumnTarget): string | null {
  switch (target.field) {
    case 'custom':
      return target.key;
    case 'firstName':
      return 'first_name';
    case 'lastName':
      return 'last_name';
    case 'country':
    case 'tags':
      return target.field;
    case 'phone':
    case 'email':
    case 'name':
    case 'optOut':
    case 'ignore':
      return null;
  }
}

/** A function that reads one row of a sheet; undefined for a row that says nothing. */
export function createRowReader(
  columns: ListColumns,
  defaultCountry: string | null,
): (cells: readonly CellValue[]) => ListEntry | undefined {
  const readPhone = phoneReader(defaultCountry);
  return (cells) => {
    const cell = (index: number | null): CellValue => (index === null ? null : (cells[index] ?? null));
    const phoneCell = cell(columns.phone);
    const phoneText = cellLine(phoneCell);
    const emailText = cellLine(cell(columns.email));
    const name = cellLine(cell(columns.name));
    const given = Object.fromEntries(
      columns.fields.flatMap((field, index) => {
        const value = field === null ? '' : cellText(cells[index]);
        return field === null || value === '' ? [] : [[field, value]];
      }),
    );
    if (phoneText === '' && emailText === '') {
      if (name === '' && Object.keys(given).length === 0) return undefined;
      return entry({
        written: name,
        name,
        given,
        problem: 'There is neither a phone number nor an email address.',
      });
    }
    const phone = phoneText === '' ? null : readPhone(typeof phoneCell === 'number' ? phoneCell : phoneText);
    const email = emailText === '' ? null : parseEmail(emailText);
    const problem = phone?.ok === false ? phone.reason : email?.ok === false ? email.reason : null;
    return entry({
      written: phoneText === '' ? emailText : phoneText,
      phone: phone?.ok === true ? phone.e164 : null,
      email: email?.ok === true ? email.email : null,
      name,
      given,
      problem,
    });
  };
}

const entry = (
  given: Omit<ListEntry, 'phone' | 'email' | 'name'> & {
    readonly phone?: string | null;
    readonly email?: string | null;
    readonly name: string;
  },
): ListEntry => ({
  phone: null,
  email: null,
  ...given,
  written: given.written.slice(0, MAX_WRITTEN),
  name: given.name === '' ? null : given.name,
});

import { cellLine, cellText, composed, cutText, type CellValue } from './cell';
import { isoDate, type DateOrder } from './date-order';
import { FIELD_LABELS, type ColumnField, type ColumnTarget } from './column-mapping';
import { parseCountry } from './country-names';
import { parseEmail, type EmailAddress } from './email';
import {
  createPhoneNormaliser,
  type CountryCode,
  type E164,
  type PhoneNormaliser,
  type PhoneNote,
} from './phone';
import { parseYesNo } from './yes-no';

export const MAX_NAME_LENGTH = 200;
export const MAX_CUSTOM_VALUE_LENGTH = 2_000;
export const MAX_TAG_LENGTH = 100;
export const MAX_TAGS = 50;

export interface ValidContact {
  readonly phone: E164;
  readonly name?: string;
  readonly email?: EmailAddress;
  /** The row's own tags, then the import's, each once. */
  readonly tags: readonly string[];
  /** Present only where the tags are those of the import, and the row has none. */
  readonly onlyImportTags?: true;
  /** Filled cells only. First and last name are kept here too, as first_name and last_name. */
  readonly customFields: Readonly<Record<string, string>>;
  readonly country?: CountryCode;
  /** Present only where the row says that the contact has opted out. */
  readonly optOut?: true;
}

export interface RowReason {
  /** 0-based; -1 where no column is mapped to the field. */
  readonly column: number;
  readonly field: ColumnField;
  readonly code: string;
  /** Plain words, naming the cell's content. */
  readonly message: string;
}

export type RowResult =
  | { readonly kind: 'valid'; readonly contact: ValidContact; readonly notes: readonly PhoneNote[] }
  | { readonly kind: 'rejected'; readonly reasons: readonly RowReason[] }
  /** Every mapped cell is blank: not counted at all. */
  | { readonly kind: 'blank' };

export interface RowOptions {
  readonly defaultCountry?: CountryCode;
  /** False: the guide's looser rule of 10 to 15 digits. */
  readonly validatePhone: boolean;
  /** Given to every contact of the import. */
  readonly tags: readonly string[];
  /** How the dates of custom fields are written, by key; those become ISO text. The others stay as they are. */
  readonly dateOrders?: Readonly<Record<string, DateOrder | 'text'>>;
}

export type RowValidator = (cells: readonly (CellValue | undefined)[]) => RowResult;

/** Collects one row; made new for each, so that no value survives into the next. */
interface Draft {
  readonly reasons: RowReason[];
  readonly nameParts: string[];
  readonly customFields: Record<string, string>;
  /** By their lower case. */
  tags: Tags;
  firstName: string;
  lastName: string;
  phoneCell: CellValue | undefined;
  email: EmailAddress | undefined;
  country: CountryCode | undefined;
  optOut: boolean;
}

interface MappedColumn {
  readonly column: number;
  readonly target: ColumnTarget;
}

/**
 * A validator for all rows of a file. Everything that does not depend on the row is prepared here. A row is
 * valid only when all of it is valid: one bad cell rejects it, with a reason for each bad cell.
 */
export function createRowValidator(mapping: readonly ColumnTarget[], options: RowOptions): RowValidator {
  const columns = mapping
    .map((target, column): MappedColumn => ({ column, target }))
    .filter(({ target }) => target.field !== 'ignore');
  const phoneColumn = columns.find(({ target }) => target.field === 'phone')?.column ?? -1;
  const normaliserFor = createNormalisers(options);
  const readTags = createTagReader();

  return (cells) => {
    const draft = newDraft();
    let isBlankRow = true;
    for (const mapped of columns) {
      const cell = cells[mapped.column];
      if (cell === null || cell === undefined || cell === '') continue;
      const text = cellText(cell);
      if (text === '') continue;
      isBlankRow = false;
      if (isSpreadsheetError(text, mapped.target.field)) rejectError(draft, mapped, text);
      else if (mapped.target.field === 'tags') draft.tags = withTags(draft.tags, readTags(text));
      else readCell(draft, mapped, cell, text, options);
    }
    if (isBlankRow) return { kind: 'blank' };
    return finish(draft, phoneColumn, options, normaliserFor);
  };
}

/** One row, for callers that have only one. For a file, keep a `createRowValidator`. */
export function validateRow(
  cells: readonly (CellValue | undefined)[],
  mapping: readonly ColumnTarget[],
  options: RowOptions,
): RowResult {
  return createRowValidator(mapping, options)(cells);
}

function createNormalisers(options: RowOptions): (country: CountryCode | undefined) => PhoneNormaliser {
  const known = new Map<CountryCode | undefined, PhoneNormaliser>();
  return (country) => {
    const home = country ?? options.defaultCountry;
    const existing = known.get(home);
    if (existing !== undefined) return existing;
    const created = createPhoneNormaliser(home, { validate: options.validatePhone });
    known.set(home, created);
    return created;
  };
}

function newDraft(): Draft {
  return {
    reasons: [],
    nameParts: [],
    customFields: {},
    tags: NO_TAGS,
    firstName: '',
    lastName: '',
    phoneCell: undefined,
    email: undefined,
    country: undefined,
    optOut: false,
  };
}

function readCell(
  draft: Draft,
  { column, target }: MappedColumn,
  cell: CellValue,
  text: string,
  { dateOrders }: RowOptions,
): void {
  const reject = (code: string, message: string): void => {
    draft.reasons.push({ column, field: target.field, code, message });
  };
  switch (target.field) {
    case 'phone':
      draft.phoneCell = typeof cell === 'string' ? text : cell;
      return;
    case 'name':
      draft.nameParts.push(composed(cellLine(text)));
      return;
    case 'firstName':
      draft.firstName = composed(cellLine(text));
      return;
    case 'lastName':
      draft.lastName = composed(cellLine(text));
      return;
    case 'email': {
      const result = parseEmail(text);
      if (result.ok) draft.email = result.email;
      else reject(result.code, result.reason);
      return;
    }
    case 'country':
      draft.country = parseCountry(text);
      if (draft.country === undefined)
        reject('country-unknown', `“${shorten(text)}” is not a known country.`);
      return;
    case 'optOut': {
      const answer = parseYesNo(cell);
      // A guess could write to somebody who asked not to be written to.
      if (answer === undefined) reject('not-yes-no', `“${shorten(text)}” says neither yes nor no.`);
      else draft.optOut = answer;
      return;
    }
    case 'custom':
      if (text.length > MAX_CUSTOM_VALUE_LENGTH)
        reject('too-long', tooLong(target.key, MAX_CUSTOM_VALUE_LENGTH));
      else draft.customFields[target.key] = withIsoDate(composed(text), dateOrders?.[target.key]);
      return;
    case 'tags':
    case 'ignore':
      return;
  }
}

/** What Excel, LibreOffice and Google Sheets leave in a cell whose formula has no result. */
const SPREADSHEET_ERRORS: ReadonlySet<string> = new Set([
  ...['#N/A', '#REF!', '#VALUE!', '#DIV/0!', '#NAME?', '#NUM!', '#NULL!', '#ERROR!'],
  ...['#SPILL!', '#CALC!', '#GETTING_DATA', '#FIELD!', '#BLOCKED!', '#CONNECT!', '#UNKNOWN!'],
]);

/** A phone that is one is none in any case; an own field keeps what is there, and a good contact is not lost for it. */
const isSpreadsheetError = (text: string, field: ColumnField): boolean =>
  text.startsWith('#') && field !== 'phone' && field !== 'custom' && SPREADSHEET_ERRORS.has(text);

/** As a name it would greet people: “Hello #N/A”. */
function rejectError({ reasons }: Draft, { column, target: { field } }: MappedColumn, text: string): void {
  const message = `“${text}” is an error of the spreadsheet: its formula has found no value.`;
  reasons.push({ column, field, code: 'spreadsheet-error', message });
}

type Tags = ReadonlyMap<string, string>;
const NO_TAGS: Tags = new Map();
/** Tag cells of a file that are remembered: so many different ones, none of them longer. */
const MAX_TAG_CELLS = 1_000;
const MAX_TAG_CELL_LENGTH = 100;

const tagsOf = (text: string): Tags => new Map(splitTags(text).map((tag) => [tag.toLowerCase(), tag]));

/** Reads the tags of a cell. A file has few different ones. */
function createTagReader(): (text: string) => Tags {
  const known = new Map<string, Tags>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    if (known.size === MAX_TAG_CELLS || text.length > MAX_TAG_CELL_LENGTH) return tagsOf(text);
    // A copy: what is cut out of a piece of the file would keep all of the piece in memory.
    const own = ` ${text}`.slice(1);
    const tags = tagsOf(own);
    known.set(own, tags);
    return tags;
  };
}

/** Of a tag in both, the later spelling counts. */
const withTags = (tags: Tags, more: Tags): Tags => (tags.size === 0 ? more : new Map([...tags, ...more]));

function withIsoDate(text: string, order: DateOrder | 'text' | undefined): string {
  if (order === undefined || order === 'text') return text;
  return isoDate(text, order) ?? text;
}

function finish(
  draft: Draft,
  phoneColumn: number,
  options: RowOptions,
  normaliserFor: (country: CountryCode | undefined) => PhoneNormaliser,
): RowResult {
  const phone = normaliserFor(draft.country)(phoneText(draft.phoneCell));
  const { reasons } = draft;
  if (!phone.ok)
    reasons.unshift({ column: phoneColumn, field: 'phone', code: phone.code, message: phone.reason });
  const name = joinName(draft);
  if (name.length > MAX_NAME_LENGTH) {
    reasons.push({
      column: -1,
      field: 'name',
      code: 'too-long',
      message: tooLong(FIELD_LABELS.name, MAX_NAME_LENGTH),
    });
  }
  const tags = withImportTags(draft.tags, options.tags);
  const tagProblem = checkTags(tags);
  if (tagProblem !== undefined) {
    reasons.push({ column: -1, field: 'tags', code: 'too-long', message: tagProblem });
  }
  if (!phone.ok || reasons.length > 0) return { kind: 'rejected', reasons };
  const country = draft.country ?? phone.country;
  // Field by field: a spread of each that may be there costs more than all the rest of this function.
  const contact: Writable<ValidContact> = { phone: phone.e164, tags, customFields: withNameParts(draft) };
  if (name !== '') contact.name = name;
  if (draft.email !== undefined) contact.email = draft.email;
  if (draft.tags.size === 0 && tags.length > 0) contact.onlyImportTags = true;
  if (country !== undefined) contact.country = country;
  if (draft.optOut) contact.optOut = true;
  return { kind: 'valid', contact, notes: phone.notes };
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

function phoneText(cell: CellValue | undefined): string | number {
  return typeof cell === 'number' ? cell : cellText(cell);
}

function joinName({ nameParts, firstName, lastName }: Draft): string {
  const parts = nameParts.length > 0 ? nameParts : [firstName, lastName];
  return parts.filter((part) => part !== '').join(' ');
}

function withNameParts({ customFields, firstName, lastName }: Draft): Readonly<Record<string, string>> {
  if (firstName !== '') customFields['first_name'] = firstName;
  if (lastName !== '') customFields['last_name'] = lastName;
  return customFields;
}

/** Tags of a cell: separated by comma, semicolon, bar or line break, trimmed, each once whatever its case. */
export function splitTags(text: string): string[] {
  const tags = new Map<string, string>();
  for (const part of composed(text).split(/[,;|\n،؛]/)) {
    const tag = cellLine(part);
    if (tag !== '' && !tags.has(tag.toLowerCase())) tags.set(tag.toLowerCase(), tag);
  }
  return [...tags.values()];
}

function withImportTags(rowTags: ReadonlyMap<string, string>, importTags: readonly string[]): string[] {
  if (rowTags.size === 0) return [...importTags];
  return [...rowTags.values(), ...importTags.filter((tag) => !rowTags.has(tag.toLowerCase()))];
}

function checkTags(tags: readonly string[]): string | undefined {
  if (tags.length > MAX_TAGS) return `The row has ${tags.length} tags; a contact has at most ${MAX_TAGS}.`;
  const long = tags.find((tag) => tag.length > MAX_TAG_LENGTH);
  return long === undefined
    ? undefined
    : `The tag “${shorten(long)}” is longer than ${MAX_TAG_LENGTH} characters.`;
}

function tooLong(what: string, limit: number): string {
  return `The ${what} is longer than ${limit.toLocaleString('en')} characters.`;
}

function shorten(text: string): string {
  return text.length > 40 ? `${cutText(text, 39)}…` : text;
}

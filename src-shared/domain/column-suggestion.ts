import type { CellValue } from './cell';
import { describeColumn, type ColumnContent } from './column-content';
import { FIELD_LABELS, newCustomKey, type ColumnTarget } from './column-mapping';
import {
  COLUMN_SYNONYMS,
  HEADER_NOISE,
  NOT_A_PHONE,
  SECOND_CHOICE,
  type KnownField,
} from './column-synonyms';
import { normaliseHeader, similarity } from './header-text';
import { createPhoneNormaliser, type CountryCode } from './phone';

export interface ColumnSuggestion {
  /** 0-based. */
  readonly column: number;
  readonly header: string;
  readonly target: ColumnTarget;
  /** 0 to 1. */
  readonly confidence: number;
  /** Why, in plain words. */
  readonly reason: string;
}

export interface SuggestionOptions {
  readonly defaultCountry?: CountryCode;
}

/** Rows that are looked at. */
export const SUGGESTION_ROWS = 200;

const FIELDS: readonly KnownField[] = [
  'phone',
  'email',
  'firstName',
  'lastName',
  'name',
  'optOut',
  'country',
  'tags',
];
const LEAST_CONFIDENCE = 0.35;
const FUZZY_SIMILARITY = 0.8;
/** What a column without a header is called. */
const UNNAMED = /^(?:column \d+)?$/;

interface HeaderMatch {
  readonly score: number;
  readonly why: string;
}

interface Candidate {
  readonly column: number;
  readonly field: KnownField;
  readonly confidence: number;
  readonly reason: string;
}

/**
 * A target for every column, from its header (synonyms in six languages, also misspelt) and from the cells of
 * the first 200 rows. Columns that mean nothing known become custom fields, empty ones are ignored.
 */
export function suggestMapping(
  headers: readonly string[],
  rows: readonly (readonly CellValue[])[],
  options: SuggestionOptions = {},
): ColumnSuggestion[] {
  const normalise = createPhoneNormaliser(options.defaultCountry);
  const sample = rows.slice(0, SUGGESTION_ROWS);
  const contents = headers.map((_, column) =>
    describeColumn(
      sample.map((row) => row[column]),
      normalise,
    ),
  );
  const normalised = resolveNameWords(headers.map(normaliseHeader));
  const candidates = normalised.flatMap((header, column) => {
    const content = contents[column];
    if (content === undefined) return [];
    return FIELDS.map((field) => rate(column, field, header, headers[column] ?? '', content));
  });
  return describeAll(headers, contents, candidates, sample.length > 0);
}

/**
 * "Nom" beside "Prénom" and "Name" beside "Vorname" are last names; "Nombre" beside "Apellidos" and "Nome"
 * beside "Sobrenome" are first names; alone, each is the whole name.
 */
function resolveNameWords(headers: readonly string[]): string[] {
  const hasFirst = headers.some((header) => header === 'vorname' || header === 'prenom');
  const hasLast = headers.some((header) => COLUMN_SYNONYMS.lastName.has(header));
  return headers.map((header) => {
    if (hasFirst && !hasLast && (header === 'nom' || header === 'name')) return 'last name';
    if (hasLast && (header === 'nombre' || header === 'nome')) return 'first name';
    return header;
  });
}

function rate(
  column: number,
  field: KnownField,
  header: string,
  shown: string,
  content: ColumnContent,
): Candidate {
  const match = matchHeader(field, header);
  const evidence = contentEvidence(field, content);
  if (match.score === 0) {
    const confidence = contentAlone(field, header, content);
    return { column, field, confidence, reason: evidence.text };
  }
  const weight = content.filled === 0 ? 0.9 : evidence.floor + (1 - evidence.floor) * evidence.share;
  const reason = content.filled === 0 ? match.why : `${match.why}; ${evidence.text}`;
  return {
    column,
    field,
    confidence: Math.min(0.99, match.score * weight),
    reason: reason.replace('%s', shown),
  };
}

/** How well a normalised header names a field. */
function matchHeader(field: KnownField, header: string): HeaderMatch {
  const synonyms = COLUMN_SYNONYMS[field];
  const label = FIELD_LABELS[field];
  if (header === '') return { score: 0, why: '' };
  if (synonyms.has(header)) return { score: 1, why: `“%s” means ${label}` };
  const words = header.split(' ');
  const telling = words.filter((word) => !HEADER_NOISE.has(word) && !SECOND_CHOICE.has(word));
  const reduced = telling.join(' ');
  const isSecond = words.some((word) => SECOND_CHOICE.has(word));
  if (reduced !== header && synonyms.has(reduced)) {
    const why = isSecond ? `“%s” means a second ${label}` : `“%s” means ${label}`;
    return { score: isSecond ? 0.6 : 0.92, why };
  }
  // "numero de telephonne" is close to a name with its small words, "main emial" without them.
  const [closest] = [header, reduced]
    .flatMap((text) => closestSynonym(synonyms, text) ?? [])
    .sort((a, b) => b.similarity - a.similarity);
  if (closest === undefined) return { score: 0, why: '' };
  return { score: closest.similarity * 0.85, why: `“%s” looks like “${closest.name}”` };
}

function closestSynonym(
  synonyms: ReadonlySet<string>,
  header: string,
): { name: string; similarity: number } | undefined {
  if (header.length < 4 || header.length > 40) return undefined;
  let best: { name: string; similarity: number } | undefined;
  for (const name of synonyms) {
    if (name.length < 4 || Math.abs(name.length - header.length) > 3) continue;
    const value = similarity(name, header);
    if (value >= FUZZY_SIMILARITY && value > (best?.similarity ?? 0)) best = { name, similarity: value };
  }
  return best;
}

interface Evidence {
  /** 0 to 1: how far the cells agree. */
  readonly share: number;
  /** What is left of the header's word where no cell agrees. */
  readonly floor: number;
  readonly text: string;
}

function contentEvidence(field: KnownField, content: ColumnContent): Evidence {
  const count = (share: number): string => `${Math.round(share * content.filled)} of ${content.filled} cells`;
  switch (field) {
    case 'phone': {
      const text = `${count(content.phones)} are phone numbers`;
      return { share: Math.min(1, content.phoneLike * 1.1), floor: 0.3, text };
    }
    case 'email':
      return { share: content.emails, floor: 0.3, text: `${count(content.emails)} are email addresses` };
    case 'country':
      return { share: content.countries, floor: 0.2, text: `${count(content.countries)} are countries` };
    case 'optOut':
      return { share: content.yesNo, floor: 0.2, text: `${count(content.yesNo)} say yes or no` };
    case 'name':
    case 'firstName':
    case 'lastName':
      return { share: content.names, floor: 0.5, text: `${count(content.names)} look like names` };
    case 'tags':
      return {
        share: 1 - Math.max(content.phones, content.emails),
        floor: 0.5,
        text: `${content.filled} cells filled`,
      };
  }
}

/** Cells that speak for themselves, whatever the header says. */
function contentAlone(field: KnownField, header: string, content: ColumnContent): number {
  if (content.filled === 0) return 0;
  const isSomethingElse = header.split(' ').some((word) => NOT_A_PHONE.has(word));
  const isUnnamed = UNNAMED.test(header);
  switch (field) {
    case 'phone': {
      if (isSomethingElse) return 0;
      const share = content.phones >= 0.7 ? content.phones : isUnnamed ? content.phoneLike : 0;
      return share >= 0.5 ? share * (content.distinct < 0.5 ? 0.5 : 0.8) : 0;
    }
    case 'email':
      return content.emails >= 0.6 ? content.emails * 0.85 : 0;
    case 'name':
      return isUnnamed && content.names >= 0.7 && content.distinct >= 0.5 ? content.names * 0.5 : 0;
    case 'country':
      return isUnnamed && content.countries >= 0.9 ? 0.45 : 0;
    case 'firstName':
    case 'lastName':
    case 'tags':
    case 'optOut':
      return 0;
  }
}

/** A name that means nothing known is likely a field of its own; one that lost to another column less so. */
function sureOfOwnField(header: string, beaten: Candidate | undefined): number {
  if (UNNAMED.test(normaliseHeader(header))) return 0.4;
  return beaten === undefined ? 0.7 : 0.5;
}

/** The best column per field and the best field per column, the surest first. */
function choose(candidates: readonly Candidate[]): Map<number, Candidate> {
  const chosen = new Map<number, Candidate>();
  const takenFields = new Set<KnownField>();
  const ranked = candidates
    .filter((candidate) => candidate.confidence >= LEAST_CONFIDENCE)
    .sort((a, b) => b.confidence - a.confidence || a.column - b.column);
  for (const candidate of ranked) {
    if (chosen.has(candidate.column) || takenFields.has(candidate.field)) continue;
    chosen.set(candidate.column, candidate);
    takenFields.add(candidate.field);
  }
  return chosen;
}

function describeAll(
  headers: readonly string[],
  contents: readonly ColumnContent[],
  candidates: readonly Candidate[],
  hasRows: boolean,
): ColumnSuggestion[] {
  const chosen = choose(candidates);
  const keys = new Set<string>();
  return headers.map((header, column) => {
    const candidate = chosen.get(column);
    if (candidate !== undefined) {
      const confidence = Math.round(candidate.confidence * 100) / 100;
      return {
        column,
        header,
        target: { field: candidate.field },
        confidence,
        reason: `${candidate.reason}.`,
      };
    }
    if (hasRows && contents[column]?.filled === 0) {
      const reason = `Empty in the first ${SUGGESTION_ROWS} rows.`;
      return { column, header, target: { field: 'ignore' }, confidence: 0.8, reason };
    }
    const key = newCustomKey(header, keys);
    keys.add(key);
    const beaten = candidates.find(
      (other) => other.column === column && other.confidence >= LEAST_CONFIDENCE,
    );
    const why =
      beaten === undefined ? 'No known field' : `Another column is the ${FIELD_LABELS[beaten.field]}`;
    const reason = `${why}: kept as a custom field, {{${key}}} in templates.`;
    return {
      column,
      header,
      target: { field: 'custom', key },
      confidence: sureOfOwnField(header, beaten),
      reason,
    };
  });
}

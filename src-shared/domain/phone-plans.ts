import { Metadata } from 'libphonenumber-js/core';
import type { CountryCode } from 'libphonenumber-js/max';
import metadataOfMax from 'libphonenumber-js/max/metadata';

/** A number that exists. */
export interface FoundNumber {
  /** E.164. */
  readonly number: string;
  /** Absent for numbers that belong to no country. */
  readonly country: CountryCode | undefined;
  readonly countryCallingCode: string;
  readonly isMobile: boolean;
}

/** Surely a number that exists, surely none (null), or not known here: then the library has to say it. */
export type QuickAnswer = FoundNumber | null | undefined;

/**
 * What libphonenumber-js says of plain digits, five to ten times as fast: over the same numbering plans, but
 * with each pattern compiled once, and nothing that plain digits do not need. Whatever takes more than
 * matching patterns (national prefixes that are replaced, numbers without a country) is left to the library.
 */
export function quickInternational(digits: string): QuickAnswer {
  for (let length = 1; length <= LONGEST_CALLING_CODE; length += 1) {
    const code = callingCode(digits.slice(0, length));
    if (code !== undefined) return code === 'other' ? undefined : findIn(code, digits.slice(length));
  }
  return digits.length > LONGEST_CALLING_CODE && !digits.startsWith('0') ? null : undefined;
}

/** The same of digits that were written in `country`, with or without its national prefix. */
export function quickNational(digits: string, country: CountryCode): QuickAnswer {
  const plan = planOf(country);
  const home = callingCode(plan.callingCode);
  if (home === undefined || home === 'other' || plan.internationalPrefix?.test(digits) !== false)
    return undefined;
  const prefix = plan.nationalPrefix?.exec(digits);
  if (digits.startsWith(plan.callingCode)) {
    const rest = digits.slice(plan.callingCode.length);
    const isPlain = !prefix && plan.nationalPrefix?.test(rest) !== true;
    const isInternational = isPlain && !plan.general.test(digits) && plan.general.test(rest);
    return isInternational ? findIn(home, rest) : undefined;
  }
  if (!prefix) return findIn(home, digits, plan);
  // A prefix with parts is more than one that is left out.
  if (prefix.length > 1 || plan.general.test(digits)) return undefined;
  const rest = digits.slice(prefix[0].length);
  if (!plan.lengths.includes(rest.length)) return undefined;
  // Of a number that is none once its prefix is gone, the library may keep the prefix.
  return findIn(home, rest, plan, true) ?? undefined;
}

/** How many digits a number has for its plan, in the library's words; undefined: the library has to say it. */
export type QuickLength = 'IS_POSSIBLE' | 'TOO_SHORT' | 'TOO_LONG' | 'INVALID_LENGTH' | undefined;

/** The library's `validatePhoneNumberLength` of `+digits`: a file may have a bad number in every second row. */
export function quickLength(digits: string): QuickLength {
  for (let length = 1; length <= LONGEST_CALLING_CODE; length += 1) {
    const code = callingCode(digits.slice(0, length));
    if (code !== undefined) return code === 'other' ? undefined : lengthIn(code, digits.slice(length));
  }
  return undefined;
}

function lengthIn({ plans: [only, another] }: CallingCode, national: string): QuickLength {
  // Of several countries, the library looks for the one that the number is of.
  if (only === undefined || another !== undefined || only.nationalPrefix?.test(national) === true)
    return undefined;
  const { length } = national;
  const [shortest, longest] = [only.lengths[0], only.lengths.at(-1)];
  if (shortest === undefined || longest === undefined) return undefined;
  // No plan has them, and what the library says of them is no matter of the plan.
  if (length < SHORTEST_NATIONAL || length > LONGEST_NATIONAL) return undefined;
  if (length < shortest) return 'TOO_SHORT';
  if (length > longest) return 'TOO_LONG';
  return only.lengths.includes(length) ? 'IS_POSSIBLE' : 'INVALID_LENGTH';
}

/** The library's bounds of what it looks at as a national number. */
const SHORTEST_NATIONAL = 2;
const LONGEST_NATIONAL = 17;

const LONGEST_CALLING_CODE = 3;

interface CallingCode {
  readonly code: string;
  /** The first one is the main one. */
  readonly plans: readonly Plan[];
}

interface TypePattern {
  readonly pattern: RegExp;
  /** Undefined: any that the plan allows. */
  readonly lengths: readonly number[] | undefined;
  readonly isMobile: boolean;
}

interface Plan {
  readonly country: CountryCode;
  readonly callingCode: string;
  readonly general: RegExp;
  readonly lengths: readonly number[];
  readonly types: readonly TypePattern[];
  readonly leadingDigits: RegExp | undefined;
  readonly nationalPrefix: RegExp | undefined;
  readonly internationalPrefix: RegExp | undefined;
}

function findIn(
  { code, plans }: CallingCode,
  national: string,
  writtenIn: Plan | undefined = plans[0],
  prefixIsGone = false,
): QuickAnswer {
  if (!prefixIsGone && writtenIn?.nationalPrefix?.test(national) === true) return undefined;
  const [only, another] = plans;
  const plan = another === undefined ? only : plans.find((each) => belongsTo(national, each));
  // The library then asks the main plan, which has said no if it could be asked.
  if (plan === undefined)
    return plans[0]?.leadingDigits === undefined && writtenIn === plans[0] ? null : undefined;
  const type = typeOf(national, plan);
  if (type === undefined) return null;
  return {
    number: `+${code}${national}`,
    country: plan.country,
    countryCallingCode: code,
    isMobile: type.isMobile,
  };
}

function belongsTo(national: string, plan: Plan): boolean {
  return plan.leadingDigits === undefined
    ? typeOf(national, plan) !== undefined
    : plan.leadingDigits.test(national);
}

function typeOf(national: string, { general, types }: Plan): TypePattern | undefined {
  if (!general.test(national)) return undefined;
  return types.find(
    ({ pattern, lengths }) => lengths?.includes(national.length) !== false && pattern.test(national),
  );
}

const callingCodes = new Map<string, CallingCode | 'other' | undefined>();
const knownPlans = new Map<CountryCode, Plan>();

/** `other`: one that belongs to no country. */
function callingCode(code: string): CallingCode | 'other' | undefined {
  if (callingCodes.has(code)) return callingCodes.get(code);
  const read = readCallingCode(code);
  callingCodes.set(code, read);
  return read;
}

function planOf(country: CountryCode): Plan {
  const known = knownPlans.get(country);
  if (known !== undefined) return known;
  const plan = readPlan(country);
  knownPlans.set(country, plan);
  return plan;
}

/** The metadata writes 0 where a plan has none. */
type Absent = 0 | undefined;

/** What the library's Metadata has at run time and METADATA.md describes; its types leave most of it out. */
interface NumberingPlan {
  callingCode(): string;
  IDDPrefix(): string | Absent;
  nationalNumberPattern(): string;
  possibleLengths(): number[] | undefined;
  leadingDigits(): string | Absent;
  nationalPrefixForParsing(): string | Absent;
  type(name: string): { pattern(): string | undefined; possibleLengths(): number[] | undefined } | undefined;
}

interface FullMetadata {
  selectNumberingPlan(country: CountryCode): unknown;
  readonly numberingPlan: NumberingPlan;
  getCountryCodesForCallingCode(code: string): CountryCode[] | undefined;
  hasCallingCode(code: string): boolean;
}

const fullMetadata = (): FullMetadata => new Metadata(metadataOfMax) as unknown as FullMetadata;

function readCallingCode(code: string): CallingCode | 'other' | undefined {
  const metadata = fullMetadata();
  if (!metadata.hasCallingCode(code)) return undefined;
  const countries = metadata.getCountryCodesForCallingCode(code);
  return countries === undefined || countries.some((country) => !/^[A-Z]{2}$/.test(country))
    ? 'other'
    : { code, plans: countries.map(planOf) };
}

const OTHER_TYPES = [
  ...['PREMIUM_RATE', 'TOLL_FREE', 'SHARED_COST', 'VOIP'],
  ...['PERSONAL_NUMBER', 'PAGER', 'UAN', 'VOICEMAIL'],
];

function readPlan(country: CountryCode): Plan {
  const metadata = fullMetadata();
  metadata.selectNumberingPlan(country);
  const plan = metadata.numberingPlan;
  const lengths = plan.possibleLengths() ?? [];
  const typePattern = (name: string, isMobile: boolean): TypePattern[] => {
    const type = plan.type(name);
    const pattern = type?.pattern();
    if (type === undefined || pattern === undefined || pattern === '') return [];
    return [{ pattern: whole(pattern), lengths: type.possibleLengths(), isMobile }];
  };
  const [fixed] = typePattern('FIXED_LINE', false);
  const mobile = typePattern('MOBILE', true);
  // Where a plan has no pattern of its own for mobile numbers, those of fixed lines are both.
  const both = mobile.length === 0;
  const types = [
    // What is both is mobile: it is looked for before the rest of the fixed lines.
    ...mobile,
    ...(fixed === undefined ? [] : [{ ...fixed, isMobile: both }]),
    ...OTHER_TYPES.flatMap((name) => typePattern(name, false)),
  ];
  return {
    country,
    callingCode: plan.callingCode(),
    general: whole(plan.nationalNumberPattern()),
    lengths,
    types,
    leadingDigits: start(plan.leadingDigits()),
    nationalPrefix: start(plan.nationalPrefixForParsing()),
    internationalPrefix: start(plan.IDDPrefix()),
  };
}

const whole = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`);
const start = (pattern: Absent | string): RegExp | undefined =>
  typeof pattern === 'string' && pattern !== '' ? new RegExp(`^(?:${pattern})`) : undefined;

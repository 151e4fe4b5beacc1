import { getCountries } from 'libphonenumber-js/max';
import { normaliseHeader } from './header-text';
import { parseCountryCode, type CountryCode } from './phone';

const LANGUAGES = ['en', 'de', 'fr', 'es', 'pt', 'ar'];

/** Names in daily use that the Unicode data does not list. */
const ALIASES: readonly (readonly [string, CountryCode])[] = [
  ['uk', 'GB'],
  ['great britain', 'GB'],
  ['england', 'GB'],
  ['usa', 'US'],
  ['united states of america', 'US'],
  ['america', 'US'],
  ['uae', 'AE'],
  ['emirates', 'AE'],
  ['ksa', 'SA'],
  ['kingdom of saudi arabia', 'SA'],
  ['السعوديه', 'SA'],
  ['الامارات', 'AE'],
  ['holland', 'NL'],
  ['czech republic', 'CZ'],
  ['turkey', 'TR'],
  ['russia', 'RU'],
  ['south korea', 'KR'],
  ['ivory coast', 'CI'],
  ['brd', 'DE'],
];

/** No name of a country is longer, and a megabyte of accents would take a minute to be made plain. */
const LONGEST_NAME = 200;

let names: Map<string, CountryCode> | undefined;

function buildNames(): Map<string, CountryCode> {
  const built = new Map<string, CountryCode>();
  for (const language of LANGUAGES) {
    const display = new Intl.DisplayNames([language], { type: 'region', fallback: 'none' });
    for (const country of getCountries()) {
      const name = display.of(country);
      if (name !== undefined) built.set(normaliseHeader(name), country);
    }
  }
  for (const [alias, country] of ALIASES) built.set(alias, country);
  return built;
}

/** A country from its ISO code or its name in English, German, French, Spanish, Portuguese or Arabic. */
export function parseCountry(text: string): CountryCode | undefined {
  if (text.length > LONGEST_NAME) return undefined;
  const code = parseCountryCode(text);
  if (code !== undefined) return code;
  names ??= buildNames();
  return names.get(normaliseHeader(text));
}

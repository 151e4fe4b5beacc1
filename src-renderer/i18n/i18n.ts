import i18next, { type TFunction } from 'i18next';
import { useSyncExternalStore } from 'react';
import { regionalLocale } from './locale';

export const LANGUAGES = ['en', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];

/** A tree of texts; leaves are strings with `{{name}}` placeholders. */
export interface TextTree {
  readonly [key: string]: string | TextTree;
}

type PluralSuffix = '_zero' | '_one' | '_two' | '_few' | '_many' | '_other';
type WithoutPlural<K extends string> = K extends `${infer Base}${PluralSuffix}` ? Base : K;

/** The dotted paths of a tree's leaves; `x_one` and `x_other` are one key, `x`, chosen by `count`. */
export type TextKey<T> = {
  [K in keyof T & string]: T[K] extends string ? WithoutPlural<K> : `${K}.${TextKey<T[K]>}`;
}[keyof T & string];

/** The same shape with every leaf any string, every branch optional: what a second language must look like. */
export type PartialTexts<T> = { readonly [K in keyof T]?: T[K] extends string ? string : PartialTexts<T[K]> };

export type Translate<K extends string> = (
  key: K,
  values?: Readonly<Record<string, string | number>>,
) => string;

void i18next.init({
  lng: 'en',
  fallbackLng: 'en',
  resources: {},
  // Texts are added as features load; React escapes what it renders.
  initAsync: false,
  showSupportNotice: false,
  interpolation: {
    escapeValue: false,
    // `count` stays a number, which chooses the plural, and is shown as numbers are everywhere: 58,800. Others are
    // shown as they are given: a row, a port or a year has no thousands.
    alwaysFormat: true,
    format: (value: unknown, _format, language = 'en', options) =>
      typeof value === 'number' && options?.['interpolationkey'] === 'count'
        ? countFormat(language).format(value)
        : String(value),
  },
});

const countFormats = new Map<string, Intl.NumberFormat>();

function countFormat(language: string): Intl.NumberFormat {
  const known = countFormats.get(language);
  if (known) return known;
  const made = new Intl.NumberFormat(regionalLocale(language, navigator.languages));
  countFormats.set(language, made);
  return made;
}

/**
 * Registers a namespace's texts and returns its hook. English is complete; another language may be
 * partial and falls back to English key by key. Keys are checked at compile time.
 *
 *     export const useJobsText = defineTexts('jobs', { en: { title: 'Jobs' }, de: { title: 'Jobs' } });
 *     const t = useJobsText(); t('title');
 */
export function defineTexts<const T extends TextTree>(
  namespace: string,
  texts: { readonly en: T; readonly de?: PartialTexts<T> },
): () => Translate<TextKey<T>> {
  i18next.addResourceBundle('en', namespace, texts.en, true, true);
  if (texts.de) i18next.addResourceBundle('de', namespace, texts.de, true, true);
  const made = new Map<string, Translate<TextKey<T>>>();
  return function useNamespaceText() {
    const language = useLanguage();
    const known = made.get(language);
    if (known) return known;
    const translate = translatorOf(language, namespace);
    made.set(language, translate);
    return translate;
  };
}

/**
 * Finding a text costs i18next far more than putting values into it, and a screen of many queues asks for the same
 * few a thousand times: one that no plural decides is found once.
 */
function translatorOf(language: string, namespace: string): Translate<string> {
  const fixed: TFunction = i18next.getFixedT(language, namespace);
  const found = new Map<string, string>();
  return (key, values) => {
    if (values !== undefined && 'count' in values) return fixed(key, values);
    const text = found.get(key) ?? fixed(key, { skipInterpolation: true });
    found.set(key, text);
    return values === undefined
      ? text
      : i18next.services.interpolator.interpolate(text, values, language, {});
  };
}

function subscribe(listener: () => void): () => void {
  i18next.on('languageChanged', listener);
  return () => i18next.off('languageChanged', listener);
}

/**
 * The language on screen, live. One subscription and no effect: every cell of a table asks for it, and
 * react-i18next's own hook, with its state and effects, made scrolling slow.
 */
export function useLanguage(): string {
  return useSyncExternalStore(subscribe, () => i18next.language);
}

/** The language to start in: the user's choice, else the first system language that we have. */
export function chooseLanguage(choice: Language | 'system', systemLanguages: readonly string[]): Language {
  if (choice !== 'system') return choice;
  for (const tag of systemLanguages) {
    const found = LANGUAGES.find((language) => tag.toLowerCase().split('-')[0] === language);
    if (found) return found;
  }
  return 'en';
}

/** Switches every text on screen at once and tells assistive technology the page's language. */
export async function setLanguage(language: Language): Promise<void> {
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}

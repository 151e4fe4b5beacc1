import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { usePreferences } from '@renderer/platform/preferences';
import { createFormatters, type Formatters } from './format';
import { regionalLocale } from './locale';

const cache = new Map<string, Formatters>();

function formattersFor(locale: string, timeZone: string): Formatters {
  const key = `${locale}|${timeZone}`;
  const known = cache.get(key);
  if (known) return known;
  const made = createFormatters(locale, timeZone);
  cache.set(key, made);
  return made;
}

/** Formatters of the language on screen and of the user's time zone (the system's unless Settings says otherwise). */
export function useFormat(): Formatters {
  const { i18n } = useTranslation();
  const chosen = usePreferences((state) => state.timeZone);
  const language = i18n.resolvedLanguage ?? 'en';
  return useMemo(() => {
    const zone = chosen ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
    return formattersFor(regionalLocale(language, navigator.languages), zone);
  }, [language, chosen]);
}

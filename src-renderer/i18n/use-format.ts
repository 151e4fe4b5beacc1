import { usePreferences } from '@renderer/platform/preferences';
import { createFormatters, type Formatters } from './format';
import { useLanguage } from './i18n';
import { regionalLocale } from './locale';

const made = new Map<string, Formatters>();

function formattersFor(language: string, timeZone: string | null): Formatters {
  const key = `${language}|${timeZone ?? ''}`;
  const known = made.get(key);
  if (known) return known;
  const zone = timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const formatters = createFormatters(regionalLocale(language, navigator.languages), zone);
  made.set(key, formatters);
  return formatters;
}

/** Formatters of the language on screen and of the user's time zone (the system's unless Settings says otherwise). */
export function useFormat(): Formatters {
  const language = useLanguage();
  const timeZone = usePreferences((state) => state.timeZone);
  return formattersFor(language, timeZone);
}

import i18next from 'i18next';
import { describe, expect, it, vi } from 'vitest';
import '@renderer/app/texts';
import '@renderer/commands/texts';
import '@renderer/ui/texts';
import { chooseLanguage } from './i18n';
import { regionalLocale } from './locale';

function leaves(tree: unknown, path = ''): ReadonlyMap<string, string> {
  if (typeof tree === 'string') return new Map([[path, tree]]);
  if (typeof tree !== 'object' || tree === null) return new Map();
  return new Map(
    Object.entries(tree).flatMap(([key, child]) => [...leaves(child, path === '' ? key : `${path}.${key}`)]),
  );
}

const placeholders = (text: string): string[] =>
  [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name ?? '').sort();

describe.each(['shell', 'commands', 'ui'])('texts of "%s"', (namespace) => {
  const english = leaves(i18next.getResourceBundle('en', namespace));
  const german = leaves(i18next.getResourceBundle('de', namespace));

  it('is there', () => expect(english.size).toBeGreaterThan(10));

  it('has every text in German, and no text that English lacks', () => {
    expect([...german.keys()].sort()).toEqual([...english.keys()].sort());
  });

  it('keeps the placeholders of every text', () => {
    for (const [key, text] of english)
      expect(placeholders(german.get(key) ?? ''), key).toEqual(placeholders(text));
  });
});

describe('a count in a text', () => {
  it('chooses the plural and is grouped; other numbers are shown as they are', () => {
    vi.stubGlobal('navigator', { languages: ['de-DE', 'en-US'] });
    i18next.addResourceBundle('en', 'counted', {
      rows_one: 'Import {{count}} row',
      rows_other: 'Import {{count}} rows from port {{port}}',
    });
    const t = i18next.getFixedT('en', 'counted');
    expect(t('rows', { count: 1 })).toBe('Import 1 row');
    expect(t('rows', { count: 58_800, port: 4680 })).toBe('Import 58,800 rows from port 4680');
    vi.unstubAllGlobals();
  });
});

describe('language', () => {
  it('is the user’s choice, else the first system language that exists here', () => {
    expect(chooseLanguage('de', ['en-US'])).toBe('de');
    expect(chooseLanguage('system', ['fr-FR', 'de-AT', 'en'])).toBe('de');
    expect(chooseLanguage('system', ['fr'])).toBe('en');
  });

  it('keeps the region that the system has for it', () => {
    expect(regionalLocale('en', ['de-DE', 'en-GB'])).toBe('en-GB');
    expect(regionalLocale('de', ['en-GB'])).toBe('de');
  });
});

import type { Plugin } from 'vite';

/** A UTF-16 unit beyond Latin-1, and the backslashes before it. */
const WIDE = /\\*[^\0-\xff]/g;

/**
 * The same program in characters of one byte. V8 keeps the text of every script for as long as it runs, and a
 * single dash or quotation mark beyond Latin-1 makes it keep two bytes for each character of the whole file.
 * Takes code in which such characters stand in strings, templates, regular expressions and comments, and
 * none of which asks for the raw text of a template.
 */
export const oneByteSource = (code: string): string =>
  code.replace(WIDE, (match) => {
    const backslashes = match.slice(0, -1);
    const unit = match.charCodeAt(backslashes.length).toString(16).padStart(4, '0');
    // An odd one escaped the character itself, which means just that character.
    return `${backslashes.slice(backslashes.length % 2)}\\u${unit}`;
  });

/** Makes every chunk one-byte source, minified or not. */
export const oneByteChunks = (): Plugin => ({
  name: 'one-byte-chunks',
  enforce: 'post',
  generateBundle(_options, bundle) {
    for (const file of Object.values(bundle)) if (file.type === 'chunk') file.code = oneByteSource(file.code);
  },
});

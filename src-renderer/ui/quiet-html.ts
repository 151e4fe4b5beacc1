import { tokensOf } from '@shared/domain/html-text';

/** Elements that would load or lead somewhere. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  'script',
  'link',
  'base',
  'meta',
  'iframe',
  'frame',
  'object',
  'embed',
]);
const RAW: ReadonlySet<string> = new Set(['style', 'script']);
const BETWEEN_QUOTES = /"[^"]*"|'[^']*'|[^"']+/g;
const WATCHED = /([\s/]|^)(style|src|srcset|background|action|on[a-z]+)(?=\s*=)/gi;
const FOREIGN_URL = /url\(\s*(?!["']?data:)[^)]*\)|@import[^;]*;?/gi;

/**
 * HTML that gives a page's policy nothing to refuse: styles wait in templates and `data-style`, pictures in
 * `data-src`, handlers and scripts are gone. What keeps it from acting is the frame, not this.
 */
export function quietHtml(html: string): string {
  let quiet = '';
  for (const token of tokensOf(html, RAW)) {
    if (token.type === 'text') quiet += token.text;
    else if (LEFT_OUT.has(token.name)) continue;
    else if (token.type === 'hidden') quiet += `<template data-sheet>${sheetOf(token.text)}</template>`;
    else quiet += token.text.replace(BETWEEN_QUOTES, (part) => withoutWatched(part));
  }
  return quiet;
}

const withoutWatched = (part: string): string =>
  /^["']/.test(part) ? part : part.replace(WATCHED, '$1data-$2');

/** The text between the tags of a style sheet, with nothing to load in it and nothing that ends a template. */
function sheetOf(element: string): string {
  const from = element.indexOf('>') + 1;
  const to = element.lastIndexOf('</');
  return quietCss(element.slice(from, to < from ? undefined : to)).replaceAll('<', '');
}

export const quietCss = (css: string): string => css.replace(FOREIGN_URL, 'none');

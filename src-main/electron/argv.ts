import { basename, extname, isAbsolute, resolve } from 'node:path';
import type { AppSignal } from '@shared/contract/app';
import { addressOfLink, LINK_SCHEME } from '@shared/domain/console-link';

/** What the import reads; the same endings as its file picker. */
const SPREADSHEET_ENDINGS: ReadonlySet<string> = new Set(['.xlsx', '.xls', '.ods', '.csv']);
/** At most so many files are opened by one command line: each becomes an import draft. */
const MAX_SIGNALS = 20;
/** So much of what was not opened is shown. */
const MAX_NAME = 120;

/**
 * What a command line asks the window to do. It is not trusted: it may come from another program, or from
 * a link in a web page. Only files that end like a spreadsheet and links to a screen are heeded.
 * `workingDirectory` is where relative paths are meant from.
 */
export const signalsOf = (argv: readonly string[], workingDirectory: string): AppSignal[] =>
  argv
    .flatMap((argument): AppSignal[] => {
      if (argument.startsWith('-')) return [];
      const signal = argument.startsWith(`${LINK_SCHEME}:`)
        ? linkSignal(argument)
        : fileSignal(argument, workingDirectory);
      return signal === undefined ? [] : [signal];
    })
    .slice(0, MAX_SIGNALS);

/** A file to be opened, given by its path; undefined where it is none that the import reads. */
export const fileSignal = (path: string, workingDirectory: string): AppSignal | undefined => {
  if (path.includes('\0') || !SPREADSHEET_ENDINGS.has(extname(path).toLowerCase())) return undefined;
  // A URL; a single letter before the colon is a Windows drive.
  if (/^[a-z][a-z\d+.-]+:/i.test(path)) return undefined;
  // A share of another machine: merely looking at it would hand that machine this user's credentials.
  if (/^[\\/]{2}/.test(path)) return undefined;
  const absolute = isAbsolute(path) ? path : resolve(workingDirectory, path);
  return { type: 'open-file', path: absolute, name: basename(absolute) };
};

/** A link into the console, or that it leads nowhere. Links only ever show a screen, they do nothing. */
export const linkSignal = (link: string): AppSignal => {
  const to = addressOfLink(link);
  return to === null ? notOpened('link', link) : { type: 'navigate', to };
};

/** Tells the user, who may have been sent half of a link or a file that has gone since. */
export const notOpened = (what: 'link' | 'file', name: string): AppSignal => ({
  type: 'not-opened',
  what,
  name: name.length > MAX_NAME ? `${name.slice(0, MAX_NAME - 1)}…` : name,
});

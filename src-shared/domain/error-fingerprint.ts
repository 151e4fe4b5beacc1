import { stableHash } from './stable-hash';

export interface FailureDetails {
  /** The error's class or provider's error name. */
  readonly name?: string;
  readonly message: string;
  readonly stack?: string;
  /** A stable code; errors with different codes are never one group. */
  readonly code?: string | number;
}

export interface ErrorFingerprint {
  /** 16 hex digits; the same for the same fault, whatever numbers, ids or addresses its message holds. */
  readonly fingerprint: string;
  /** The normalised message, for the head of the group. */
  readonly title: string;
}

const MAX_MESSAGE = 500;
const MAX_TITLE = 140;

/**
 * One pass over all kinds of varying text, the first that matches wins. Codes that name the fault ("#131026",
 * "status 503") come first and stay.
 */
const VARYING = new RegExp(
  [
    String.raw`(?<keep>#\d{1,6}\b|\b(?:code|status|status code|errno|http|http\/[\d.]+)[\s:=]{1,3}\d{1,6}\b)`,
    String.raw`(?<url>\b[a-z][a-z0-9+.-]{1,15}:\/\/[^\s"'<>)]+)`,
    String.raw`(?<email>[\w.!#$%&*+\/=?^{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+)`,
    String.raw`(?<id>\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b|\bwamid\.[\w=+/-]+)`,
    String.raw`(?<date>\b\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?)`,
    String.raw`(?<address>\b\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?\b|\[[0-9a-f:]{2,39}\](?::\d{1,5})?)`,
    String.raw`(?<text>"[^"\n]{0,300}"|“[^”\n]{0,300}”|\u0060[^\u0060\n]{0,300}\u0060|(?<!\w)'[^'\n]{0,300}'(?!\w))`,
    String.raw`(?<path>(?<![\w/])(?:\/[\w.@-]+){2,}|\b[A-Za-z]:\\[^\s"'<>|]+)`,
    String.raw`(?<phone>\+\d[\d ()-]{6,18}\d\b)`,
    String.raw`(?<hex>\b0x[0-9a-f]+\b|\b(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{8,}\b)`,
    String.raw`(?<n>\d+(?:[.,]\d+)*)`,
  ].join('|'),
  'gi',
);

const KEPT_OR_DIGITS =
  /(#\d{1,6}\b|\b(?:code|status|status code|errno|http|http\/[\d.]+)[\s:=]{1,3}\d{1,6}\b)|\d+/gi;

/**
 * A text that is equal only for messages that are normalised to the same: no figure matters to it but those of
 * codes. Quicker than to normalise, for whoever remembers what came of it.
 */
export const likeMessage = (message: string): string =>
  message.replace(KEPT_OR_DIGITS, (match: string, kept: string | undefined) =>
    kept === undefined ? '0'.repeat(match.length) : match,
  );

/** The first line of a message with everything that varies from case to case as a placeholder. */
export function normaliseErrorMessage(message: string): string {
  const line =
    message
      .slice(0, MAX_MESSAGE * 4)
      .trim()
      .split('\n', 1)[0] ?? '';
  return line
    .slice(0, MAX_MESSAGE)
    .replace(VARYING, (match: string, ...rest: unknown[]) => placeholder(match, rest.at(-1)))
    .replace(/\s+/g, ' ')
    .trim();
}

function placeholder(match: string, groups: unknown): string {
  if (typeof groups !== 'object' || groups === null) return match;
  // A loop, because thousands of messages are normalised at once.
  for (const [kind, placed] of PLACEHOLDERS) {
    if (Reflect.get(groups, kind) !== undefined) return placed ?? match;
  }
  return match;
}

/** By kind, the frequent ones first; what is kept has none. */
const PLACEHOLDERS: readonly (readonly [string, string | null])[] = [
  ['n', '<n>'],
  ['keep', null],
  ...['url', 'email', 'id', 'date', 'address', 'text', 'path', 'phone', 'hex'].map(
    (kind) => [kind, `<${kind}>`] as const,
  ),
];

/**
 * Groups failures: name, code, normalised message and the top stack frame of our own code. Line numbers do not
 * count, so that a new build keeps the groups.
 */
export function fingerprintError({ name, message, stack, code }: FailureDetails): ErrorFingerprint {
  const kind = name === undefined || name === 'Error' ? '' : name;
  const normalised = normaliseErrorMessage(message);
  const frame = topOwnFrame(stack ?? '') ?? '';
  const fingerprint = stableHash([kind, String(code ?? ''), normalised.toLowerCase(), frame].join('\n'));
  const title = kind === '' || normalised.startsWith(kind) ? normalised : `${kind}: ${normalised}`;
  return { fingerprint, title: shorten(title === '' ? 'No message' : title) };
}

const FRAME = /^\s*at (?:(?:async )?(?<fn>[^(\n]+?) \()?(?<file>[^()\n]+?):\d+:\d+\)?\s*$/;
const FOREIGN = /node_modules|^node:|internal\/|<anonymous>|^native\b/;

/** "function file" of the first frame that is neither a library's nor the runtime's. */
export function topOwnFrame(stack: string): string | undefined {
  for (const line of stack.slice(0, 20_000).split('\n')) {
    const groups = FRAME.exec(line)?.groups;
    const file = groups?.['file'];
    if (file === undefined || FOREIGN.test(file)) continue;
    return `${groups?.['fn'] ?? ''} ${fileName(file)}`.trim();
  }
  return undefined;
}

/** The file without its folder, and without the hash that a bundler adds. */
function fileName(path: string): string {
  const name = path.split(/[\\/]/).at(-1) ?? path;
  return name.replace(/-[\w-]{8}(?=\.\w+$)/, '');
}

function shorten(text: string): string {
  return text.length > MAX_TITLE ? `${text.slice(0, MAX_TITLE - 1)}…` : text;
}

import { mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import pino from 'pino';

/** What the rest of the console logs through. Fields are structured; the message is for people. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** Writes what is buffered; call before the process ends. */
  flush(): void;
}
export type LogFields = Readonly<Record<string, unknown>>;

export interface LoggerOptions {
  /** Where `console.log.jsonl` is kept; null for no file. */
  readonly directory: string | null;
  /** The file's name without its ending, one a process, so that two never write into one. */
  readonly name: string;
  /** Also print each message as a plain line, as the seed guide shows it. */
  readonly print?: (line: string) => void;
}

const MAX_FILE_BYTES = 10 * 1024 * 1024;

/** Names under which a secret could be logged by mistake, at the top and one level down. */
const secretNames = [
  'token',
  'password',
  'apiKey',
  'authorization',
  'secret',
  'url',
  'redisUrl',
  'databaseUrl',
];
const redact = { paths: secretNames.flatMap((name) => [name, `*.${name}`]), censor: '[hidden]' };

/** A logger that writes JSON lines into a file (10 MB and one predecessor are kept) and prints plain lines. */
export const createLogger = ({ directory, name, print }: LoggerOptions): Logger => {
  const destination = directory === null ? null : openFile(directory, name);
  const file = destination === null ? null : pino({ redact, base: { pid: process.pid } }, destination);
  const at =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (message: string, fields: LogFields = {}): void => {
      file?.[level](serialised(fields), message);
      if (level !== 'debug') print?.(plainLine(message, fields));
    };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    flush: () => destination?.flushSync(),
  };
};

const openFile = (directory: string, name: string): ReturnType<typeof pino.destination> => {
  mkdirSync(directory, { recursive: true });
  const path = join(directory, `${name}.jsonl`);
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > MAX_FILE_BYTES) renameSync(path, join(directory, `${name}.1.jsonl`));
  return pino.destination({ dest: path, sync: true, append: true });
};

/** An Error is not plain data: its name, message and stack are kept under `err`. */
const serialised = (fields: LogFields): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      key,
      value instanceof Error ? { name: value.name, message: value.message, stack: value.stack } : value,
    ]),
  );

const plainLine = (message: string, fields: LogFields): string => {
  const error = Object.values(fields).find((value) => value instanceof Error);
  return error === undefined ? message : `${message} ${error.message}`;
};

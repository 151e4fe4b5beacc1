/** What the sessions must know about a statement, because PGlite's one connection serves them all. */

export interface ListenChange {
  readonly kind: 'listen' | 'unlisten';
  /** `*` for all channels of the session. */
  readonly channel: string;
}

/** Longer statements are data or functions, never a LISTEN. */
const LONGEST_LISTEN = 1_000;

/** The LISTEN and UNLISTEN commands of a statement text, channel names folded as PostgreSQL folds them. */
export function listenChanges(sql: string): ListenChange[] {
  if (sql.length > LONGEST_LISTEN || !/listen/i.test(sql)) return [];
  return withoutComments(sql)
    .split(';')
    .flatMap((statement) => {
      const match = /^\s*(un)?listen\s+("(?:[^"]|"")+"|\*|[\p{L}_][\p{L}\p{N}_$]*)\s*$/iu.exec(statement);
      const name = match?.[2];
      if (name === undefined) return [];
      return [{ kind: match?.[1] === undefined ? 'listen' : 'unlisten', channel: identifier(name) }];
    });
}

/**
 * Whether a text is one `COPY … FROM STDIN`, whose data must reach PGlite together with the command, or
 * hides one among other statements.
 */
export function copyFromStdin(sql: string): 'none' | 'alone' | 'mixed' {
  if (!/\bstdin\b/i.test(sql)) return 'none';
  const statements = withoutComments(sql).replace(/;\s*$/, '');
  if (/^\s*copy\s[^;]*\sfrom\s+stdin\b[^;]*$/i.test(statements)) return 'alone';
  return /\bcopy\s[^;]*\sfrom\s+stdin\b/i.test(statements) ? 'mixed' : 'none';
}

const withoutComments = (sql: string): string => sql.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, '');

const identifier = (name: string): string =>
  name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase();

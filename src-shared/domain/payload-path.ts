import { z } from 'zod';

/**
 * One thing that must hold in a job's payload: something at `path` is like `pattern`. A path is dotted keys, with
 * `[]` for any element of a list and `[2]` for one of them; a leading `data` is the payload itself. A pattern is
 * the value as text, upper or lower case, with `*` for anything.
 */
export const PathPredicate = z.object({
  path: z.string().trim().min(1).max(200),
  pattern: z.string().max(500),
});
export type PathPredicate = z.infer<typeof PathPredicate>;

/** `data.contacts[].phone:+966*` as a predicate; undefined where the text is not one. */
export function parsePathPredicate(text: string): PathPredicate | undefined {
  const colon = text.indexOf(':');
  if (colon <= 0) return undefined;
  const parsed = PathPredicate.safeParse({ path: text.slice(0, colon), pattern: text.slice(colon + 1) });
  return parsed.success && pathSteps(parsed.data.path) !== undefined ? parsed.data : undefined;
}

export const formatPathPredicate = ({ path, pattern }: PathPredicate): string => `${path}:${pattern}`;

type Step =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'any' }
  | { readonly kind: 'index'; readonly index: number };

const PART = /^([^[\]]*)((?:\[\d{0,9}\])*)$/;

/** The steps of a path; undefined where it cannot be read. */
export function pathSteps(path: string): readonly Step[] | undefined {
  const steps: Step[] = [];
  for (const part of path.split('.')) {
    const [, key = '', brackets = ''] = PART.exec(part) ?? [];
    if (key === '' && brackets === '') return undefined;
    if (key !== '') steps.push({ kind: 'key', key });
    for (const [, digits = ''] of brackets.matchAll(/\[(\d*)\]/g)) {
      steps.push(digits === '' ? { kind: 'any' } : { kind: 'index', index: Number(digits) });
    }
  }
  const [first, ...rest] = steps;
  return first?.kind === 'key' && first.key === 'data' ? rest : steps;
}

/** Every value that the steps lead to. */
export function* valuesAt(value: unknown, steps: readonly Step[], from = 0): Generator {
  const step = steps[from];
  if (step === undefined) {
    yield value;
    return;
  }
  if (step.kind === 'key') {
    if (typeof value === 'object' && value !== null && Object.hasOwn(value, step.key)) {
      yield* valuesAt(Object.entries(value).find(([key]) => key === step.key)?.[1], steps, from + 1);
    }
    return;
  }
  if (!Array.isArray(value)) return;
  const elements: readonly unknown[] = step.kind === 'any' ? value : value.slice(step.index, step.index + 1);
  for (const element of elements) yield* valuesAt(element, steps, from + 1);
}

/**
 * Whether a text is like a pattern with `*` for anything, upper or lower case. Part after part from the left, so
 * that no pattern is slow.
 */
export function globMatcher(pattern: string): (text: string) => boolean {
  const parts = pattern.toLowerCase().split('*');
  const [first = ''] = parts;
  if (parts.length === 1) return (text) => text.toLowerCase() === first;
  const last = parts.at(-1) ?? '';
  const between = parts.slice(1, -1).filter((part) => part !== '');
  return (text) => {
    const lower = text.toLowerCase();
    if (lower.length < first.length + last.length) return false;
    if (!lower.startsWith(first) || !lower.endsWith(last)) return false;
    let at = first.length;
    for (const part of between) {
      const found = lower.indexOf(part, at);
      if (found === -1) return false;
      at = found + part.length;
    }
    return at <= lower.length - last.length;
  };
}

/** Whether a payload fulfils the predicate. */
export function pathMatcher({ path, pattern }: PathPredicate): (data: unknown) => boolean {
  const steps = pathSteps(path);
  if (steps === undefined) return () => false;
  const matches = globMatcher(pattern);
  return (data) => {
    for (const value of valuesAt(data, steps)) {
      if (matches(typeof value === 'string' ? value : JSON.stringify(value ?? null))) return true;
    }
    return false;
  };
}

/**
 * Message templates: `{{key}}` and `{{key|fallback}}`, nothing else.
 *
 * A key is a plain own-property name of a flat map ("order.id" is one key, not a path), so a template can
 * never reach a prototype, call anything or read what it was not given.
 */

export type TemplateValue = string | number | boolean | null | undefined;
export type TemplateValues = Readonly<Record<string, TemplateValue>>;

export interface TemplateVariable {
  readonly name: string;
  /** True where every occurrence of the variable carries a fallback, so that it can never render empty. */
  readonly hasFallback: boolean;
}

/** A fixed text, or a place that is filled: with its fallback, or with nothing, where there is no value. */
export type TemplatePart = string | { readonly name: string; readonly fallback: string };

export interface Template {
  readonly source: string;
  /** Each variable once, in order of first appearance. */
  readonly variables: readonly TemplateVariable[];
  /** Texts and variables in their order; a text is never empty. */
  readonly parts: readonly TemplatePart[];
  /** Fills the template in. A missing value becomes its fallback, or nothing where there is none. */
  render(values: TemplateValues): string;
  /** Variables that would render as nothing: no value (null, undefined, '') and no fallback. */
  missing(values: TemplateValues): string[];
}

export type TemplateErrorCode = 'unclosed' | 'empty-key' | 'stray-brace' | 'key-too-long' | 'source-too-long';

export interface TemplateError {
  readonly code: TemplateErrorCode;
  /** Plain words, ready to be shown beside the editor. */
  readonly message: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based, in UTF-16 code units, as editors count. */
  readonly column: number;
  /** 0-based index into the source. */
  readonly offset: number;
  /** Where the wrong place ends, exclusive: what an editor underlines. */
  readonly end: number;
}

export type CompileResult =
  | { readonly ok: true; readonly template: Template }
  | { readonly ok: false; readonly errors: readonly TemplateError[] };

export const MAX_TEMPLATE_LENGTH = 100_000;
export const MAX_KEY_LENGTH = 200;

interface Slot {
  readonly key: string;
  readonly fallback: string | undefined;
  /** Literal text between this slot and the next one. */
  readonly tail: string;
}

interface Parsed {
  readonly head: string;
  readonly slots: readonly Slot[];
  readonly errors: readonly TemplateError[];
}

/**
 * Compiles a template. Finds every error in one pass, each with its place, so that an editor can mark all
 * of them; a source with any error does not compile.
 */
export function compileTemplate(source: string): CompileResult {
  if (source.length > MAX_TEMPLATE_LENGTH) {
    const message = `The template is longer than ${MAX_TEMPLATE_LENGTH} characters.`;
    const place = { offset: MAX_TEMPLATE_LENGTH, end: source.length };
    return { ok: false, errors: [errorAt(source, place, 'source-too-long', message)] };
  }
  const { head, slots, errors } = parse(source);
  if (errors.length > 0) return { ok: false, errors };
  const variables = collectVariables(slots);
  return {
    ok: true,
    template: {
      source,
      variables,
      parts: partsOf(head, slots),
      render: createRenderer(head, slots),
      missing: (values) =>
        variables
          .filter((variable) => !variable.hasFallback && textOf(values, variable.name) === undefined)
          .map((variable) => variable.name),
    },
  };
}

function parse(source: string): Parsed {
  const errors: TemplateError[] = [];
  const slots: Slot[] = [];
  let open = source.indexOf('{{');
  const head = open === -1 ? source : source.slice(0, open);
  while (open !== -1) {
    const close = source.indexOf('}}', open + 2);
    const nested = source.indexOf('{{', open + 2);
    if (close === -1 || (nested !== -1 && nested < close)) {
      const place = { offset: open, end: endOfUnclosed(source, open, nested) };
      errors.push(errorAt(source, place, 'unclosed', 'This {{ is never closed. Add }} after the variable.'));
      open = nested;
      continue;
    }
    const literalEnd = nested === -1 ? source.length : nested;
    const slot = parseSlot(source, open, close, source.slice(close + 2, literalEnd));
    if ('code' in slot) errors.push(slot);
    else slots.push(slot);
    open = nested;
  }
  return { head, slots, errors };
}

/** An unclosed variable ends with its line, or where the next one begins. */
function endOfUnclosed(source: string, open: number, nested: number): number {
  const rest = nested === -1 ? source.length : nested;
  const lineEnd = source.slice(open, rest).search(/[\r\n]/);
  return lineEnd === -1 ? rest : open + lineEnd;
}

function parseSlot(source: string, open: number, close: number, tail: string): Slot | TemplateError {
  const place = { offset: open, end: close + 2 };
  const inner = source.slice(open + 2, close);
  const bar = inner.indexOf('|');
  const key = (bar === -1 ? inner : inner.slice(0, bar)).trim();
  if (key === '') {
    return errorAt(source, place, 'empty-key', 'This variable has no name. Write one, such as {{name}}.');
  }
  if (/[{}]/.test(inner)) {
    return errorAt(
      source,
      place,
      'stray-brace',
      `“${shorten(key)}” holds a brace. Use exactly two: {{name}}.`,
    );
  }
  if (key.length > MAX_KEY_LENGTH) {
    const message = `“${shorten(key)}” is longer than ${MAX_KEY_LENGTH} characters. Is a }} missing?`;
    return errorAt(source, place, 'key-too-long', message);
  }
  return { key, fallback: bar === -1 ? undefined : inner.slice(bar + 1).trim(), tail };
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

function errorAt(
  source: string,
  { offset, end }: Pick<TemplateError, 'offset' | 'end'>,
  code: TemplateErrorCode,
  message: string,
): TemplateError {
  const before = source.slice(0, offset);
  const lineStart = Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r')) + 1;
  const line = (before.match(/\r\n|\r|\n/g) ?? []).length + 1;
  return { code, message, line, column: offset - lineStart + 1, offset, end };
}

function collectVariables(slots: readonly Slot[]): TemplateVariable[] {
  const seen = new Map<string, boolean>();
  for (const slot of slots) {
    seen.set(slot.key, (seen.get(slot.key) ?? true) && slot.fallback !== undefined);
  }
  return [...seen].map(([name, hasFallback]) => ({ name, hasFallback }));
}

const partsOf = (head: string, slots: readonly Slot[]): TemplatePart[] =>
  [
    head,
    ...slots.flatMap(({ key, fallback, tail }) => [{ name: key, fallback: fallback ?? '' }, tail]),
  ].filter((part) => part !== '');

/** Plain concatenation over prepared slots: the fastest shape measured. */
function createRenderer(head: string, slots: readonly Slot[]): (values: TemplateValues) => string {
  return (values) => {
    let text = head;
    for (const slot of slots) {
      text += (textOf(values, slot.key) ?? slot.fallback ?? '') + slot.tail;
    }
    return text;
  };
}

/** The text of an own property, or undefined where there is nothing to print. Objects never print. */
function textOf(values: TemplateValues, key: string): string | undefined {
  if (!Object.hasOwn(values, key)) return undefined;
  const value = values[key];
  if (typeof value === 'string') return value === '' ? undefined : value;
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : undefined;
  return typeof value === 'boolean' ? String(value) : undefined;
}

/** A stretch of a source as an editor shows it; the stretches follow one another and leave nothing out. */
export interface TemplateSpan {
  readonly kind: 'text' | 'variable' | 'error';
  readonly text: string;
  /** 0-based index into the source. */
  readonly offset: number;
}

/** A source cut into text, variables and the places of its errors. */
export function templateSpans(source: string, errors: readonly TemplateError[]): TemplateSpan[] {
  const marks = [
    ...errors.map(({ offset, end }) => ({ kind: 'error' as const, offset, end })),
    ...Array.from(source.matchAll(/\{\{[^{}]+\}\}/g), ({ index, 0: { length } }) => ({
      kind: 'variable' as const,
      offset: index,
      end: index + length,
    })),
  ].sort((a, b) => a.offset - b.offset);
  const spans: TemplateSpan[] = [];
  let at = 0;
  const add = (kind: TemplateSpan['kind'], end: number): void => {
    if (end > at) spans.push({ kind, text: source.slice(at, end), offset: at });
    at = Math.max(at, end);
  };
  for (const { kind, offset, end } of marks) {
    // What is an error already is not also a variable.
    if (offset < at) continue;
    add('text', offset);
    add(kind, end);
  }
  add('text', source.length);
  return spans;
}

/** The source with a variable under another name, its fallbacks kept. */
export function renameVariable(source: string, from: string, to: string): string {
  return source.replace(/\{\{([^{}|]+)(\|[^{}]*)?\}\}/g, (slot, key: string, fallback = '') =>
    key.trim() === from ? `{{${to}${String(fallback)}}}` : slot,
  );
}

/**
 * A compiler that remembers the `capacity` templates used last. Results are shared: a compiled template holds
 * no state of a render.
 */
export function createTemplateCache(capacity = 200): (source: string) => CompileResult {
  const entries = new Map<string, CompileResult>();
  return (source) => {
    const known = entries.get(source);
    if (known !== undefined) {
      entries.delete(source);
      entries.set(source, known);
      return known;
    }
    const result = compileTemplate(source);
    entries.set(source, result);
    if (entries.size > capacity) {
      const oldest = entries.keys().next();
      if (oldest.done !== true) entries.delete(oldest.value);
    }
    return result;
  };
}

import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { compileTemplate, createTemplateCache, MAX_TEMPLATE_LENGTH, type Template } from './template';

// Many generated cases: a busy machine must not fail them.
vi.setConfig({ testTimeout: 60_000 });

function compiled(source: string): Template {
  const result = compileTemplate(source);
  if (!result.ok) throw new Error(result.errors.map((error) => error.message).join(' '));
  return result.template;
}

function errorsOf(source: string): string[] {
  const result = compileTemplate(source);
  if (result.ok) return [];
  return result.errors.map((error) => `${error.code}@${error.line}:${error.column}`);
}

describe('rendering', () => {
  it("renders the guide's example", () => {
    const template = compiled('Hello {{name}}, your order {{order_id}} is ready!');
    expect(template.render({ name: 'John', order_id: '12345' })).toBe(
      'Hello John, your order 12345 is ready!',
    );
  });

  it('trims keys and fallbacks, and takes dotted, spaced, numeric and non-Latin keys as plain names', () => {
    const template = compiled('{{ a.b }}/{{Order ID}}/{{1}}/{{ اسم | صديق }}');
    expect(template.render({ 'a.b': 'x', 'Order ID': 7, '1': 'one' })).toBe('x/7/one/صديق');
  });

  it('uses the fallback for null, undefined, empty and not-finite values, never for 0 or false', () => {
    const template = compiled('{{v|none}}');
    for (const v of [null, undefined, '', NaN, Infinity]) expect(template.render({ v })).toBe('none');
    expect(template.render({})).toBe('none');
    expect(template.render({ v: 0 })).toBe('0');
    expect(template.render({ v: false })).toBe('false');
  });

  it('splits at the first bar only and accepts an empty fallback', () => {
    expect(compiled('{{a|b|c}}').render({})).toBe('b|c');
    expect(compiled('<{{a|}}>').render({})).toBe('<>');
    expect(compiled('{{a|}}').missing({})).toEqual([]);
  });

  it('leaves single braces and a lone }} alone', () => {
    expect(compiled('{"a": {b}} }').render({})).toBe('{"a": {b}} }');
  });

  it('does not render values as templates', () => {
    expect(compiled('{{a}}').render({ a: '{{b}}', b: 'no' })).toBe('{{b}}');
    expect(compiled('{{a}}').render({ a: '$& $1' })).toBe('$& $1');
  });

  it('cannot reach prototypes or print objects', () => {
    const keys = [
      '__proto__',
      'constructor',
      'toString',
      'hasOwnProperty',
      'constructor.name',
      '__proto__.x',
    ];
    for (const key of keys) expect(compiled(`<{{${key}}}>`).render({})).toBe('<>');
    const own = JSON.parse('{"__proto__":"own","o":{"a":1}}') as Record<string, string>;
    expect(compiled('{{__proto__}}{{o|-}}').render(own)).toBe('own-');
    const inherited = Object.create({ secret: 'x' }) as Record<string, string>;
    expect(compiled('<{{secret}}>').render(inherited)).toBe('<>');
    expect(compiled('{{a}}').render(Object.assign(Object.create(null) as object, { a: 'bare' }))).toBe(
      'bare',
    );
  });
});

describe('variables', () => {
  it('lists each once, in order, with a fallback only where all its occurrences have one', () => {
    expect(compiled('{{b}} {{a|x}} {{b|y}} {{a|z}}').variables).toEqual([
      { name: 'b', hasFallback: false },
      { name: 'a', hasFallback: true },
    ]);
  });

  it('names what would render empty', () => {
    const template = compiled('{{a}} {{b|x}} {{c}} {{a}}');
    expect(template.missing({ c: '' })).toEqual(['a', 'c']);
    expect(template.missing({ a: 1, c: 'y' })).toEqual([]);
  });
});

describe('compile errors', () => {
  it('gives line and column of every error', () => {
    expect(errorsOf('ok\nHello {{name')).toEqual(['unclosed@2:7']);
    expect(errorsOf('{{a {{b}} {{}}\r\n {{ |x}}')).toEqual([
      'unclosed@1:1',
      'empty-key@1:11',
      'empty-key@2:2',
    ]);
    expect(errorsOf('a {{{name}}}')).toEqual(['stray-brace@1:3']);
    expect(errorsOf('{{a}b}}')).toEqual(['stray-brace@1:1']);
    expect(errorsOf(`{{${'k'.repeat(201)}}}`)).toEqual(['key-too-long@1:1']);
  });

  it('refuses an absurdly long source', () => {
    expect(errorsOf('x'.repeat(MAX_TEMPLATE_LENGTH + 1))[0]).toContain('source-too-long');
  });
});

describe('properties', () => {
  const literal = fc.string().filter((text) => !text.includes('{') && !text.includes('}'));
  const key = fc.stringMatching(/^[a-z_][a-z0-9_.]{0,12}$/);

  it('text without {{ renders as itself', () => {
    fc.assert(
      fc.property(
        fc.string().filter((text) => !text.includes('{{')),
        (text) => {
          expect(compiled(text).render({})).toBe(text);
        },
      ),
    );
  });

  it('equals plain replacement, whatever the values hold', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(literal, key)),
        literal,
        fc.dictionary(key, fc.string()),
        (parts, end, values) => {
          const source = parts.map(([text, name]) => `${text}{{${name}}}`).join('') + end;
          const own = (name: string): string => (Object.hasOwn(values, name) ? (values[name] ?? '') : '');
          const expected = parts.map(([text, name]) => text + own(name)).join('') + end;
          expect(compiled(source).render(values)).toBe(expected);
        },
      ),
    );
  });

  it('never throws, and an error always points into the source', () => {
    const hostile = fc
      .array(fc.constantFrom('{{', '}}', '{', '}', '|', 'a', ' ', '\n', '\r\n', '__proto__'))
      .map((p) => p.join(''));
    fc.assert(
      fc.property(hostile, (source) => {
        const result = compileTemplate(source);
        if (result.ok) return;
        for (const error of result.errors) {
          expect(source.startsWith('{{', error.offset)).toBe(true);
          const lines = source.split(/\r\n|\r|\n/);
          expect(lines[error.line - 1]?.slice(error.column - 1, error.column + 1)).toBe('{{');
        }
      }),
    );
  });
});

describe('cache', () => {
  it('returns the same result and forgets the one used longest ago', () => {
    const compile = createTemplateCache(2);
    const a = compile('{{a}}');
    const b = compile('{{b}}');
    expect(compile('{{a}}')).toBe(a);
    compile('{{c}}');
    expect(compile('{{a}}')).toBe(a);
    expect(compile('{{b}}')).not.toBe(b);
  });
});

import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import {
  compileTemplate,
  createTemplateCache,
  MAX_TEMPLATE_LENGTH,
  renameVariable,
  type Template,
  templateSpans,
  type TemplateValues,
} from './template';

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

describe('values that are no text', () => {
  it('prints numbers as they are given', () => {
    const render = (v: number | string): string => compiled('{{v}}').render({ v });
    expect([1.5, -3, 0, 1e21, 12345678901234].map(render)).toEqual([
      '1.5',
      '-3',
      '0',
      '1e+21',
      '12345678901234',
    ]);
    expect(['1.50', '007', '1,5', '+966512345678'].map(render)).toEqual([
      '1.50',
      '007',
      '1,5',
      '+966512345678',
    ]);
  });

  it('never prints lists, objects, functions or symbols, and calls nothing', () => {
    const called = vi.fn(() => 'called');
    const hostile: readonly unknown[] = [
      [],
      ['a', 'b'],
      { a: 1 },
      { toString: called, valueOf: called, [Symbol.toPrimitive]: called },
      called,
      Symbol('s'),
      10n,
      new Date(0),
    ];
    for (const value of hostile) {
      const values = { v: value } as unknown as TemplateValues;
      expect(compiled('<{{v}}>{{v|none}}').render(values)).toBe('<>none');
      expect(compiled('{{v}}').missing(values)).toEqual(['v']);
    }
    expect(called).not.toHaveBeenCalled();
  });
});

describe('spans for an editor', () => {
  it('mark variables and the places of errors, and leave nothing out', () => {
    const source = 'Hi {{name|you}}, {{}} and\n{{order';
    const result = compileTemplate(source);
    expect(templateSpans(source, result.ok ? [] : result.errors)).toEqual([
      { kind: 'text', text: 'Hi ', offset: 0 },
      { kind: 'variable', text: '{{name|you}}', offset: 3 },
      { kind: 'text', text: ', ', offset: 15 },
      { kind: 'error', text: '{{}}', offset: 17 },
      { kind: 'text', text: ' and\n', offset: 21 },
      { kind: 'error', text: '{{order', offset: 26 },
    ]);
  });
});

describe('another name for a variable', () => {
  it('keeps fallbacks, other variables and everything that is no variable', () => {
    expect(
      renameVariable('{{ Order ID }} {{Order ID| a|b }} {{Order}} Order ID {{$1}}', 'Order ID', '$&'),
    ).toBe('{{$&}} {{$&| a|b }} {{Order}} Order ID {{$1}}');
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

  it('rendering never throws and reads own properties only, whatever the values are', () => {
    const names = fc.constantFrom('__proto__', 'constructor', 'toString', 'a', 'b', 'length');
    fc.assert(
      fc.property(fc.array(names), fc.anything({ withNullPrototype: true }), (keys, given) => {
        const values = Object(given) as TemplateValues;
        const template = compiled(keys.map((name) => `{{${name}}}`).join('-'));
        const own = (name: string): string => {
          const value: unknown = Object.hasOwn(values, name) ? values[name] : undefined;
          const isFinite = typeof value !== 'number' || Number.isFinite(value);
          return ['string', 'number', 'boolean'].includes(typeof value) && isFinite ? String(value) : '';
        };
        expect(template.render(values)).toBe(keys.map(own).join('-'));
        expect(new Set(template.missing(values))).toEqual(new Set(keys.filter((name) => own(name) === '')));
      }),
    );
  });

  it('never throws, and an error always points into the source', () => {
    const hostile = fc
      .array(fc.constantFrom('{{', '}}', '{', '}', '|', 'a', ' ', '\n', '\r\n', '__proto__'))
      .map((p) => p.join(''));
    fc.assert(
      fc.property(hostile, (source) => {
        const result = compileTemplate(source);
        expect(
          templateSpans(source, result.ok ? [] : result.errors)
            .map(({ text }) => text)
            .join(''),
        ).toBe(source);
        if (result.ok) return;
        for (const error of result.errors) {
          expect(source.startsWith('{{', error.offset)).toBe(true);
          expect(error.end).toBeGreaterThanOrEqual(error.offset + 2);
          expect(error.end).toBeLessThanOrEqual(source.length);
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

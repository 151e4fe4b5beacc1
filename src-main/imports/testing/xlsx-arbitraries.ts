import fc from 'fast-check';
import { SerialDate, USUAL, type Variant, type VariantCell } from './xlsx-variants';

const CHARACTERS = ['a', '7', '+', ' ', '\n', '&', '<', '>', '"', "'", ']', 'é', 'م', '東', '😀', '#'];

const rowsOf = (characters: readonly string[]): fc.Arbitrary<VariantCell[][]> =>
  fc.array(fc.array(cellOf(characters), { maxLength: 8 }), { minLength: 1, maxLength: 12 });

const cellOf = (characters: readonly string[]): fc.Arbitrary<VariantCell> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.string({ unit: fc.constantFrom(...characters), maxLength: 12 }) },
    fc.integer(),
    fc
      .double({ noNaN: true, noDefaultInfinity: true, min: -1e20, max: 1e20 })
      .map((value) => Number(value.toPrecision(15))),
    fc.boolean(),
    fc.constant(null),
    fc.integer({ min: 1_500, max: 70_000 }).map((days) => new SerialDate(days)),
  );

export const anyRows = rowsOf([...CHARACTERS, '_x000D_', '_X000D_']);
/** SheetJS finds escapes across the runs of rich text, and undoes them twice in formulas: without them. */
export const anyUsualRows = rowsOf(CHARACTERS);

/** Mixtures of what producers do. */
export const anyVariant: fc.Arbitrary<Variant> = fc.record({
  strings: fc.constantFrom('shared', 'inline', 'formula'),
  prefix: fc.constantFrom('', '', 'x', 'ns0'),
  quote: fc.constantFrom('"', '"', "'"),
  space: fc.constantFrom('', '', ' '),
  text: fc.constantFrom('plain', 'cdata', 'references', 'rich', 'phonetic'),
  comments: fc.boolean(),
  encoding: fc.constantFrom('utf-8', 'utf-8', 'utf-16le'),
  between: fc.constantFrom('', '\n', '\r\n  '),
  references: fc.boolean(),
  epoch1904: fc.boolean(),
  strict: fc.boolean(),
  zip: anyZip(),
});

/** Mixtures that SheetJS reads as well: it knows no ZIP64, no comments in values, no `</v >`, no `&#128512;`. */
export const anyUsualVariant: fc.Arbitrary<Variant> = fc.record({
  strings: fc.constantFrom('shared', 'inline', 'formula'),
  prefix: fc.constantFrom('', 'x'),
  quote: fc.constantFrom('"', "'"),
  space: fc.constant(USUAL.space),
  text: fc.constantFrom('plain', 'rich', 'phonetic'),
  comments: fc.constant(false),
  encoding: fc.constant(USUAL.encoding),
  between: fc.constantFrom('', '\n'),
  references: fc.constant(true),
  epoch1904: fc.boolean(),
  strict: fc.constant(false),
  zip: fc.constantFrom<Variant['zip']>({}, { method: 0 }, { descriptor: 'signed' }),
});

function anyZip(): fc.Arbitrary<Variant['zip']> {
  return fc.constantFrom(
    {},
    { method: 0 },
    { descriptor: 'signed' },
    { descriptor: 'bare', comment: 'PK\u0005\u0006 of a producer' },
    { zip64: true },
  );
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indexJson, JsonFinder, JsonIndexer, jsonPath, jsonValue, visibleNodes } from './json-index';

const payload = { to: [{ phone: '+966"1"', city: 'Riyadh' }, { phone: '+2' }], 'odd key': null, n: -1.5e3 };

describe('an index of a JSON text', () => {
  it('knows each value, its name, its place and what it is in', () => {
    const index = indexJson(JSON.stringify(payload, null, 2));
    const all = visibleNodes(index, () => true);
    expect(all.map((node) => jsonPath(index, node, 'data'))).toEqual([
      'data',
      'data.to',
      'data.to[0]',
      'data.to[0].phone',
      'data.to[0].city',
      'data.to[1]',
      'data.to[1].phone',
      'data["odd key"]',
      'data.n',
    ]);
    expect(all.map((node) => index.kind(node))).toEqual(
      'object array object string string object string null number'.split(' '),
    );
    expect(jsonValue(index, 3)).toBe('+966"1"');
    expect(index.children(1)).toBe(2);
    expect(index.depth(3)).toBe(3);
  });

  it('shows what is inside of open containers only', () => {
    const index = indexJson(JSON.stringify(payload));
    expect(visibleNodes(index, () => false)).toEqual([0]);
    expect(visibleNodes(index, (node) => node === 0)).toEqual([0, 1, 7, 8]);
  });

  it('finds names and values, whatever their case', () => {
    const index = indexJson(JSON.stringify(payload));
    const finder = new JsonFinder(index, 'riyadh', 10);
    expect(finder.step(() => false)).toBe(true);
    expect(finder.found.map((node) => jsonPath(index, node, 'data'))).toEqual(['data.to[0].city']);
    const names = new JsonFinder(index, 'PHONE', 10);
    names.step(() => false);
    expect(names.found).toEqual([3, 6]);
    const quotes = new JsonFinder(index, '"1"', 10);
    quotes.step(() => false);
    expect(quotes.found).toEqual([3]);
  });

  it('can be read in steps of any size', () => {
    const text = JSON.stringify(Array.from({ length: 5_000 }, (_, no) => ({ no, text: `a "${no}" b\\` })));
    const indexer = new JsonIndexer(text);
    let steps = 1;
    while (!indexer.step(() => true)) steps += 1;
    expect(steps).toBeGreaterThan(5);
    expect(jsonValue(indexer.index(), 0)).toEqual(JSON.parse(text));
    expect(indexer.index().size).toBe(15_001);
  });

  it('has every value of any JSON where JSON.parse has it', () => {
    fc.assert(
      fc.property(fc.json(), fc.boolean(), (json, pretty) => {
        const text = pretty ? JSON.stringify(JSON.parse(json), null, 2) : json;
        const index = indexJson(text);
        expect(jsonValue(index, 0)).toEqual(JSON.parse(text));
        for (let node = 1; node < index.size; node += 1) {
          const inside = jsonValue(index, index.parent(node)) as Record<string, unknown>;
          const name = index.key(node) ?? String(index.position(node));
          expect(jsonValue(index, node)).toEqual(Object.getOwnPropertyDescriptor(inside, name)?.value);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('refuses what is not JSON', () => {
    for (const text of ['', '{', '[1', '{"a"}', 'hello', '{"a":1]', '"open', '1 2']) {
      expect(() => indexJson(text), text).toThrow(SyntaxError);
    }
  });
});

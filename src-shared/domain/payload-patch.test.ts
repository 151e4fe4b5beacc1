import fc from 'fast-check';
import { expect, it } from 'vitest';
import { patchBetween, patchPayload, PayloadPatch } from './payload-patch';

const patched = (data: unknown, patch: unknown): unknown => {
  const result = patchPayload(data, PayloadPatch.parse(patch));
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
};

it('changes a payload by the operations of RFC 6902, and leaves the given one as it was', () => {
  const data = { to: '+966500000001', tags: ['a', 'b'], batch: { no: 1 } };
  const before = structuredClone(data);
  expect(patched(data, [{ op: 'replace', path: '/to', value: '+966500000002' }])).toMatchObject({
    to: '+966500000002',
  });
  expect(patched(data, [{ op: 'add', path: '/tags/-', value: 'c' }])).toMatchObject({
    tags: ['a', 'b', 'c'],
  });
  expect(patched(data, [{ op: 'remove', path: '/batch' }])).toEqual({ to: data.to, tags: data.tags });
  expect(patched(data, [{ op: 'move', from: '/batch/no', path: '/batchNo' }])).toMatchObject({ batchNo: 1 });
  expect(patched(data, [{ op: 'replace', path: '', value: 7 }])).toBe(7);
  expect(data).toEqual(before);
});

it('says which operation does not fit, and carries out none', () => {
  const problem = (patch: unknown): string => {
    const result = patchPayload({ a: 1 }, PayloadPatch.parse(patch));
    return result.ok ? '' : result.error.message;
  };
  const first = { op: 'replace', path: '/a', value: 2 };
  expect(problem([first, { op: 'remove', path: '/b' }])).toContain('Operation 2, remove /b');
  expect(problem([{ op: 'test', path: '/a', value: 9 }, first])).toContain('another value');
});

it('refuses what reaches beyond the payload', () => {
  for (const path of ['/__proto__/x', '/constructor/prototype/x', 'a'])
    expect(PayloadPatch.safeParse([{ op: 'add', path, value: 1 }]).success).toBe(false);
});

it('finds the change between any two payloads', () => {
  const payload = fc.dictionary(
    fc.constantFrom('a', 'b', 'c/d', 'e~f'),
    fc.oneof(fc.integer(), fc.string(), fc.array(fc.integer(), { maxLength: 4 })),
  );
  fc.assert(
    fc.property(payload, payload, (before, after) => {
      const patch = patchBetween(before, after);
      if (patch !== null) expect(patched(before, patch)).toEqual(after);
      else expect(before).toEqual(after);
    }),
  );
});

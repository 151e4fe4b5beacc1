import { describe, expect, it } from 'vitest';
import type { Mapping } from '@shared/contract/imports';
import { mappingProblems } from '@shared/domain/column-mapping';
import { problemOfColumn, problemOfMapping, problemOfName } from './mapping-check';

const MAPPING: Mapping = [{ field: 'phone' }, { field: 'custom', key: 'city' }, { field: 'name' }];

describe('a mapping in the form', () => {
  it('says at the field what is wrong with a name while it is typed', () => {
    expect(problemOfName(MAPPING, 2, 'order no')).toBeUndefined();
    expect(problemOfName(MAPPING, 1, 'city')).toBeUndefined();
    expect(problemOfName(MAPPING, 2, ' city ')).toBe('Two columns use the field name “city”.');
    expect(problemOfName(MAPPING, 2, '')).toBe('Give this field a name.');
    expect(problemOfName(MAPPING, 2, 'phone')).toContain('a name of the contact itself');
    expect(problemOfName(MAPPING, 2, 'x'.repeat(65))).toContain('64 characters');
  });

  it('says at the column, or once, what is wrong with the rest', () => {
    const twice = mappingProblems([...MAPPING, { field: 'phone' }]);
    expect([0, 1, 3].map((column) => problemOfColumn(twice, column))).toEqual([
      'Only one column can be the phone number.',
      undefined,
      'Only one column can be the phone number.',
    ]);
    expect(problemOfMapping(twice)).toBeUndefined();
    expect(problemOfMapping(mappingProblems([{ field: 'name' }]))).toBe(
      'Choose the column that holds the phone number.',
    );
  });
});

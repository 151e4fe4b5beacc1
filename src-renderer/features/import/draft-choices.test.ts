import { beforeEach, describe, expect, it } from 'vitest';
import { type ImportDraft, ImportOptions, type SuggestedColumn } from '@shared/contract/imports';
import { ImportId } from '@shared/domain/ids';
import { beginningOf, forgetChoice, keepChoice, useDraftChoices } from './draft-choices';

const id = ImportId.parse('6a0f5d0e-6d0f-4d57-9a3e-0f1f7d1f3c11');

const column = (header: string, target: SuggestedColumn['target']): SuggestedColumn => ({
  ...{ index: 0, header, samples: [], target, confidence: 1, reason: '' },
});

const draft: ImportDraft = {
  ...{ id, fileName: 'a.csv', sizeBytes: 1, format: 'csv', text: null, sheets: [], head: [] },
  ...{ sheet: 'March', headerRow: 1, options: ImportOptions.parse({}), sameFile: null },
  columns: [column('Name', { field: 'name' }), column('Phone', { field: 'phone' })],
  ...{ remembered: null, continues: null, cannotContinue: null },
};

const chosen = {
  basis: 'suggested' as const,
  mapping: [{ field: 'ignore' as const }, { field: 'phone' as const }],
  options: ImportOptions.parse({ tags: ['spring'] }),
};

describe('what was chosen for a draft', () => {
  beforeEach(() => useDraftChoices.setState({ kept: [] }));

  it('is what its form begins with, until it is forgotten', () => {
    keepChoice(draft, chosen);
    expect(beginningOf(draft)).toMatchObject(chosen);
    forgetChoice(id);
    expect(beginningOf(draft).options.tags).toEqual([]);
    expect(beginningOf(draft).mapping).toEqual([{ field: 'name' }, { field: 'phone' }]);
  });

  it('is not put on another sheet, header row or number of columns', () => {
    keepChoice(draft, chosen);
    expect(beginningOf({ ...draft, sheet: 'April' }).options.tags).toEqual([]);
    expect(beginningOf({ ...draft, headerRow: 2 }).options.tags).toEqual([]);
    expect(beginningOf({ ...draft, columns: draft.columns.slice(1) }).options.tags).toEqual([]);
  });

  it('is not used where what it began with is not there any more', () => {
    keepChoice(draft, { ...chosen, basis: 'continued' });
    expect(beginningOf(draft).basis).toBe('suggested');
    keepChoice(draft, { ...chosen, basis: 'remembered' });
    expect(beginningOf(draft).basis).toBe('suggested');
  });

  it('is kept for the last twenty drafts', () => {
    for (let n = 10; n < 35; n += 1)
      keepChoice({ ...draft, id: ImportId.parse(`6a0f5d0e-6d0f-4d57-9a3e-0f1f7d1f3c${n}`) }, chosen);
    expect(useDraftChoices.getState().kept).toHaveLength(20);
    expect(useDraftChoices.getState().kept[0]?.id).toContain('3c34');
  });
});

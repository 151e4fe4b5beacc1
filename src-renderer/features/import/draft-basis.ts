import type { ImportDraft, ImportOptions, SuggestedColumn } from '@shared/contract/imports';

/** Where mapping and options of a draft begin: the import that it goes on with, a saved mapping, the suggestion. */
export type Basis = 'continued' | 'remembered' | 'suggested';

/** What is offered first. A file that only looks as if it went on with an import is a new one until told so. */
export function firstBasis({ continues, remembered }: ImportDraft): Basis {
  if (continues?.certain === true) return 'continued';
  return newBasis({ remembered });
}

/** As a new import. */
export const newBasis = ({ remembered }: Pick<ImportDraft, 'remembered'>): Basis =>
  remembered === null ? 'suggested' : 'remembered';

export function columnsOn(draft: ImportDraft, basis: Basis): readonly SuggestedColumn[] {
  if (basis === 'continued' && draft.continues !== null) return draft.continues.columns;
  if (basis === 'suggested' && draft.remembered !== null) return draft.remembered.suggested;
  return draft.columns;
}

export const optionsOn = (draft: ImportDraft, basis: Basis): ImportOptions =>
  basis === 'continued' && draft.continues !== null ? draft.continues.options : draft.options;

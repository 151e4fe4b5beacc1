import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import { z } from 'zod';
import { type ImportDraft, ImportOptions, Mapping } from '@shared/contract/imports';
import { ImportId } from '@shared/domain/ids';
import { type Basis, columnsOn, firstBasis, optionsOn } from './draft-basis';

/** What somebody chose for a file that is not imported yet. */
export interface DraftChoice {
  readonly basis: Basis;
  readonly mapping: Mapping;
  readonly options: ImportOptions;
}

const KeptChoice = z.object({
  id: ImportId,
  /** The sheet and the header row that it is about. */
  place: z.string(),
  basis: z.enum(['continued', 'remembered', 'suggested']),
  mapping: Mapping,
  options: ImportOptions,
});
type KeptChoice = z.infer<typeof KeptChoice>;

/** Drafts whose choices are kept; of older ones the suggestion is shown again. */
const MAX_KEPT = 20;

/**
 * Corrections of the rows are kept with the draft; what is chosen for its columns and its options is decided in this
 * window until the start. Kept in localStorage: leaving the screen must not undo it. What is read back is parsed.
 */
export const useDraftChoices = create<{ readonly kept: readonly KeptChoice[] }>()(
  persist((): { readonly kept: readonly KeptChoice[] } => ({ kept: [] }), {
    name: 'adsapp.import-drafts',
    version: 1,
    merge: (stored, current) => {
      const entries = z.object({ kept: z.array(z.unknown()) }).safeParse(stored);
      if (!entries.success) return current;
      return { kept: entries.data.kept.flatMap((entry) => KeptChoice.safeParse(entry).data ?? []) };
    },
  }),
);

const placeOf = ({ sheet, headerRow }: ImportDraft): string => `${headerRow}/${sheet}`;

const withoutDraft = (id: ImportId): KeptChoice[] =>
  useDraftChoices.getState().kept.filter((choice) => choice.id !== id);

/** What the form of a draft begins with: what was chosen for it before, or what is offered first. */
export function beginningOf(draft: ImportDraft): DraftChoice {
  const kept = useDraftChoices.getState().kept.find(({ id }) => id === draft.id);
  if (kept !== undefined && isOf(kept, draft)) return kept;
  const basis = firstBasis(draft);
  return {
    basis,
    mapping: columnsOn(draft, basis).map(({ target }) => target),
    options: optionsOn(draft, basis),
  };
}

/** Whether a choice fits the draft as it is now: its rows may have gone into their import meanwhile. */
function isOf({ place, basis, mapping }: KeptChoice, draft: ImportDraft): boolean {
  if (place !== placeOf(draft) || mapping.length !== draft.columns.length) return false;
  if (basis === 'continued') return draft.continues !== null;
  return basis === 'suggested' || draft.remembered !== null;
}

/** Keeps what was chosen for a draft, for when somebody comes back to it. */
export function keepChoice(draft: ImportDraft, { basis, mapping, options }: DraftChoice): void {
  const choice = { id: draft.id, place: placeOf(draft), basis, mapping, options };
  useDraftChoices.setState({ kept: [choice, ...withoutDraft(draft.id)].slice(0, MAX_KEPT) });
}

/** Nothing was chosen for it, or it is no draft any more. */
export function forgetChoice(id: ImportId): void {
  useDraftChoices.setState({ kept: withoutDraft(id) });
}

/** Whether somebody chose anything for this draft. */
export const useHasChoice = (id: ImportId): boolean =>
  useDraftChoices(({ kept }) => kept.some((choice) => choice.id === id));

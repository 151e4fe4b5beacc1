import type { PortfolioBudget } from '@shared/contract/audiences';
import {
  budgetLeft,
  isOverBudget,
  laterParts,
  MOST_LATER_PARTS,
  type LaterPart,
} from '@shared/domain/portfolio';
import { fail, ok, type Result } from '@shared/errors';
import { overBudget, tooManyParts } from '../refusals';
import type { Division } from './repository';

/** What becomes of those who do not fit: `wait` holds them back within the campaign, where nobody can be asked. */
export type OverBudget = 'refuse' | 'send' | 'fit' | 'fit-only' | 'wait';

export interface Parts extends Pick<Division, 'written' | 'left' | 'limit'> {
  /** Recipients of the first part. */
  readonly first: number;
  readonly later: readonly LaterPart[];
}

/** How a launch is divided; null where it is not, and a refusal where it would pass the limit unasked. */
export async function planParts(
  {
    chosen,
    startAt,
    reach,
  }: { readonly chosen: OverBudget; readonly startAt: number; readonly reach: number },
  budget: PortfolioBudget | null,
  sender: { readonly perSecond: () => Promise<number>; readonly written: () => Division['written'] },
): Promise<Result<Parts | null>> {
  if (budget === null || chosen === 'send' || chosen === 'wait' || !isOverBudget(budget)) return ok(null);
  const left = budgetLeft(budget);
  const first = reach - budget.needed + left;
  if (chosen === 'refuse' || first === 0) return fail(overBudget(budget));
  const later =
    chosen === 'fit' ? laterParts(budget, { startAt, perSecond: await sender.perSecond(), first }) : [];
  if (later.length > MOST_LATER_PARTS) return fail(tooManyParts(later.length));
  return ok({ written: sender.written(), left, limit: budget.limit, first, later });
}

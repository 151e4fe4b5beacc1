/** WhatsApp's limit of people within 24 hours, and how an audience is divided that is larger than what is left. */

export interface Budget {
  readonly limit: number;
  /** Different people written to in the last 24 hours. */
  readonly used: number;
  /** People of the audience who are not among them. */
  readonly needed: number;
}

export interface LaterPart {
  readonly people: number;
  /** When the window of those before it has passed, in ms since 1970. */
  readonly startsAt: number;
}

const WINDOW_MS = 24 * 3_600_000;
/** Clocks differ, and the last message of a part takes a moment. */
const MARGIN_MS = 5 * 60_000;
/** Beyond this it is another plan, not a message that is sent in parts. */
export const MOST_LATER_PARTS = 30;

/** How many more people may be written to now. */
export const budgetLeft = ({ limit, used }: Budget): number => Math.max(0, limit - used);

export const isOverBudget = (budget: Budget): boolean => budget.needed > budgetLeft(budget);

/**
 * The parts behind the first one, which begins at `startAt` with everybody who fits: each is as large as the limit
 * allows and begins 24 hours after the last message of the one before it. `first` are all recipients of the first.
 */
export function laterParts(
  budget: Budget,
  {
    startAt,
    perSecond,
    first,
  }: { readonly startAt: number; readonly perSecond: number; readonly first: number },
): LaterPart[] {
  const parts: LaterPart[] = [];
  let rest = budget.needed - budgetLeft(budget);
  let before = { startsAt: startAt, people: first };
  while (rest > 0) {
    const people = Math.min(rest, budget.limit);
    const took = perSecond > 0 ? (before.people / perSecond) * 1_000 : 0;
    before = { startsAt: Math.ceil(before.startsAt + took + WINDOW_MS + MARGIN_MS), people };
    parts.push(before);
    rest -= people;
  }
  return parts;
}

import { budgetLeft, isOverBudget as isOver, laterParts } from '@shared/domain/portfolio';
import { useFormat } from '@renderer/i18n/use-format';
import { RadioGroup, useNow } from '@renderer/ui';
import { type Draft, OVER_BUDGET, type OverBudget, startOf } from './draft';
import type { Preview } from './preview-card';
import { useComposeText } from './texts';

/** Whether more people are reached than the portfolio's limit leaves. */
export const isOverBudget = ({ budget }: Preview): boolean => budget !== null && isOver(budget);

/** Who fits now: those who were written to already, and as many new people as are left. */
const fitting = ({ budget, reach }: Preview): number =>
  budget === null ? reach : reach - budget.needed + Math.min(budget.needed, budgetLeft(budget));

/** What was chosen; where nobody fits now only sending all the same is left. */
export const chosenOf = ({ overBudget }: Pick<Draft, 'overBudget'>, preview: Preview): OverBudget =>
  fitting(preview) === 0 ? 'send' : overBudget;

/** How many are sent to at once. */
export const nowOf = (draft: Pick<Draft, 'overBudget'>, preview: Preview): number =>
  chosenOf(draft, preview) === 'send' ? preview.reach : fitting(preview);

interface OverBudgetFieldsProps {
  readonly draft: Draft;
  readonly preview: Preview;
  readonly onChoose: (chosen: OverBudget) => void;
}

/** What becomes of those who do not fit into WhatsApp's 24 hours. */
export function OverBudgetFields({ draft, preview, onChoose }: OverBudgetFieldsProps) {
  const t = useComposeText();
  const format = useFormat();
  const now = useNow();
  const { budget, pace } = preview;
  if (budget === null || fitting(preview) === 0) return null;
  const start = startOf(draft, now);
  const startAt = start?.startAt === undefined ? now + (start?.delayMs ?? 0) : Date.parse(start.startAt);
  const parts = laterParts(budget, { startAt, perSecond: pace.perSecond, first: fitting(preview) });
  const words = {
    now: format.number(fitting(preview)),
    all: format.number(preview.reach),
    count: preview.reach - fitting(preview),
  };
  const laterWords = { count: parts.length, from: format.dateTime(parts[0]?.startsAt ?? startAt) };
  return (
    <RadioGroup
      label={t('over.label')}
      look="cards"
      value={chosenOf(draft, preview)}
      onValueChange={onChoose}
      options={OVER_BUDGET.map((value) => ({
        value,
        label: t(`over.${value}`, words),
        hint: value === 'fit' ? t('over.fitHint', laterWords) : t(`over.${value}Hint`),
      }))}
    />
  );
}

import type { ImportId } from '@shared/domain/ids';
import { useFormat } from '@renderer/i18n/use-format';
import { Progress } from '@renderer/ui';
import { useDraftProgress } from './queries';
import { useRowsText } from './texts';

/** In a few words how far the rows are, for a place that is always in sight. */
export function Judging({ importId }: { readonly importId: ImportId }) {
  const t = useRowsText();
  const format = useFormat();
  const progress = useDraftProgress(importId).data?.progress;
  const step = t(`progress.${progress?.step ?? 'reading'}`);
  const total = progress?.total ?? 0;
  if (progress === undefined || progress === null || total === 0) return `${step}…`;
  return <span className="tabular">{`${step}: ${format.percent(progress.rows / total, 0)}`}</span>;
}

/** How far the rows are, until all of them are judged. */
export function Reading({ importId }: { readonly importId: ImportId }) {
  const t = useRowsText();
  const { data } = useDraftProgress(importId);
  const { step, rows, total } = data?.progress ?? { step: 'reading', rows: 0, total: null };
  return <Progress label={t(`progress.${step}`)} done={rows} total={total} />;
}

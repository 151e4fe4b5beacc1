import type { ImportPreview, PreviewRow } from '@shared/contract/imports';
import { Badge, Card, ErrorState, NumberText, SkeletonLines, Stat, type Tone } from '@renderer/ui';
import { wordsOf } from '@renderer/platform/failure';

import { useImportText } from './texts';

interface PreviewCardProps {
  readonly preview: ImportPreview | undefined;
  readonly busy: boolean;
  readonly error: Error | null;
  readonly onRetry: () => void;
}

const tones: Readonly<Record<PreviewRow['outcome'], Tone>> = {
  valid: 'success',
  duplicate: 'warning',
  invalid: 'danger',
};
/** Enough to see what is going on; the counts speak for the rest. */
const SHOWN_ROWS = 100;

/** What the import would make of the whole sheet, the troubled rows first. */
export function PreviewCard({ preview, busy, error, onRetry }: PreviewCardProps) {
  const t = useImportText();
  if (error !== null)
    return (
      <Card title={t('check')}>
        <ErrorState error={wordsOf(error)} onRetry={onRetry} />
      </Card>
    );
  if (preview === undefined)
    return (
      <Card title={t('check')} hint={t('checkHint')}>
        <SkeletonLines lines={6} />
      </Card>
    );
  const rows = [...preview.rows].sort((a, b) => rank(a) - rank(b) || a.row - b.row).slice(0, SHOWN_ROWS);
  return (
    <Card title={t('check')} hint={t('checkHint')} padding="none">
      <div aria-busy={busy} className={busy ? 'opacity-60' : ''}>
        <div className="grid grid-cols-4 gap-4 px-4 py-3">
          {(['valid', 'duplicates', 'invalid', 'existing'] as const).map((key) => (
            <Stat key={key} label={t(key)} value={<NumberText value={preview[key]} />} />
          ))}
        </div>
        {preview.byReason.length > 0 && (
          <ul className="flex flex-wrap gap-2 px-4 pb-3">
            {preview.byReason.map(({ code, message, rows: count }) => (
              <li key={code}>
                <Badge tone="danger">
                  {message} · {count}
                </Badge>
              </li>
            ))}
          </ul>
        )}
        <div
          className="max-h-96 overflow-auto border-t border-line"
          tabIndex={0}
          role="region"
          aria-label={t('check')}
        >
          <table className="w-full text-xs">
            <thead className="sticky top-0 bg-surface text-left text-ink-3">
              <tr>
                <th className="px-4 py-1.5 text-right font-medium">{t('row')}</th>
                <th className="px-3 py-1.5 font-medium">{t('outcome')}</th>
                <th className="px-3 py-1.5 font-medium">{t('phone')}</th>
                <th className="px-3 py-1.5 font-medium">{t('name')}</th>
                <th className="px-3 py-1.5 font-medium">{t('notes')}</th>
              </tr>
            </thead>
            <tbody className="divide-y divide-line">
              {rows.map((row) => (
                <tr key={row.row}>
                  <td className="tabular px-4 py-1.5 text-right text-ink-3">{row.row}</td>
                  <td className="px-3 py-1.5">
                    <Badge tone={tones[row.outcome]}>{row.outcome}</Badge>
                  </td>
                  <td className="tabular px-3 py-1.5 whitespace-nowrap">
                    {row.phone ?? row.cells.join(' · ').slice(0, 80)}
                  </td>
                  <td className="px-3 py-1.5">{row.name}</td>
                  <td className="px-3 py-1.5 text-ink-2">
                    {[...row.reasons.map(({ message }) => message), ...row.notes].join(' · ')}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </div>
    </Card>
  );
}

const rank = ({ outcome, notes }: PreviewRow): number =>
  outcome === 'invalid' ? 0 : outcome === 'duplicate' ? 1 : notes.length > 0 ? 2 : 3;

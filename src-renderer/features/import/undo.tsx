import { Undo2 } from 'lucide-react';
import { useState } from 'react';
import type { ImportSummary, ImportUndo } from '@shared/contract/imports';
import type { ImportId } from '@shared/domain/ids';
import { useFormat } from '@renderer/i18n/use-format';
import { Badge, Button, Card, ConfirmDialog, Notice, Progress } from '@renderer/ui';
import { useKept, useUndo } from './queries';
import { useImportText } from './texts';

interface UndoProps {
  readonly importId: ImportId;
  readonly summary: ImportSummary;
}

/** Offers to take the whole import back, where it has written anything. */
export function UndoButton({ importId, summary }: UndoProps) {
  const t = useImportText();
  const undo = useUndo(importId);
  const [asking, setAsking] = useState(false);
  const { inserted, updated } = summary.totals;
  if (summary.undo !== null || summary.state === 'failed' || inserted + updated === 0) return null;
  return (
    <>
      <Button icon={Undo2} busy={undo.isPending} onClick={() => setAsking(true)}>
        {t('undo.offer')}
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        danger
        title={t('undo.title', { file: summary.fileName })}
        description={[
          ...(inserted === 0 ? [] : [t('undo.made', { count: inserted })]),
          ...(updated === 0 ? [] : [t('undo.restored', { count: updated })]),
          t('undo.hint'),
        ].join(' ')}
        confirmLabel={t('undo.go')}
        onConfirm={() => undo.mutate()}
      />
    </>
  );
}

/** How far taking it back has come, and what came of it. */
export function UndoCard({ importId, summary }: UndoProps) {
  const t = useImportText();
  const format = useFormat();
  const { undo, totals } = summary;
  if (undo === null) return null;
  const { removed, restored, kept } = undo;
  if (undo.finishedAt === null)
    return (
      <Card>
        <Progress
          label={t('undo.running')}
          done={removed + restored + kept}
          total={totals.inserted + totals.updated}
        />
      </Card>
    );
  return (
    <>
      <Notice tone={kept === 0 ? 'success' : 'warning'} title={t('undo.done')}>
        {t('undo.result', {
          removed: format.number(removed),
          restored: format.number(restored),
          kept: format.number(kept),
        })}
      </Notice>
      {kept > 0 && <KeptCard importId={importId} undo={undo} />}
    </>
  );
}

function KeptCard({ importId, undo }: { readonly importId: ImportId; readonly undo: ImportUndo }) {
  const t = useImportText();
  const format = useFormat();
  const kept = useKept(importId);
  const rows = kept.data?.rows ?? [];
  return (
    <Card title={t('undo.keptTitle')} hint={t('undo.keptHint')} padding="none">
      <div className="max-h-96 overflow-auto" tabIndex={0} role="region" aria-label={t('undo.keptTitle')}>
        <table className="w-full text-xs">
          <thead className="sticky top-0 bg-surface text-left text-ink-3">
            <tr className="border-b border-line">
              <th className="px-4 py-1.5 text-right font-medium">{t('row')}</th>
              <th className="px-3 py-1.5 font-medium">{t('phone')}</th>
              <th className="px-3 py-1.5 font-medium">{t('name')}</th>
              <th className="px-3 py-1.5 font-medium">{t('reasons')}</th>
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {rows.map(({ row, phone, name, because }) => (
              <tr key={row}>
                <td className="tabular px-4 py-1.5 text-right text-ink-3">{row}</td>
                <td className="tabular px-3 py-1.5">{phone}</td>
                <td className="px-3 py-1.5">
                  <bdi>{name}</bdi>
                </td>
                <td className="px-3 py-1.5">
                  <Badge tone="warning">{t(`undo.because.${because}`)}</Badge>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {undo.kept > rows.length && rows.length > 0 && (
        <p className="border-t border-line px-4 py-2 text-xs text-ink-3">
          {t('undo.first', { shown: format.number(rows.length), total: format.number(undo.kept) })}
        </p>
      )}
    </Card>
  );
}

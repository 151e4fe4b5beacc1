import { useQueryClient } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { Fragment, useState } from 'react';
import type { ImportSummary } from '@shared/contract/imports';
import type { ImportId } from '@shared/domain/ids';
import { useFormat } from '@renderer/i18n/use-format';
import { client } from '@renderer/platform/client';
import { useStream } from '@renderer/platform/use-stream';
import { CopyLink } from '@renderer/commands';
import {
  Button,
  ButtonLink,
  Card,
  ConfirmDialog,
  Notice,
  NumberText,
  Page,
  Progress,
  RadioGroup,
  Stat,
} from '@renderer/ui';
import { ImportState } from './import-state';
import { useCancel, useControl, useDownloadRejected, useRejected } from './queries';
import { RunFacts } from './run-facts';
import { useImportText } from './texts';
import { UndoButton, UndoCard } from './undo';

interface RunScreenProps {
  readonly importId: ImportId;
  readonly known: ImportSummary;
  readonly onAnother: () => void;
}

/** An import under way or over, live. */
export function RunScreen({ importId, known, onAnother }: RunScreenProps) {
  const t = useImportText();
  const format = useFormat();
  const queryClient = useQueryClient();
  const live = useStream(
    client.imports.changes,
    { importId },
    { onValue: (value) => queryClient.setQueryData(['imports', 'summary', importId], value) },
  );
  const summary = live.value ?? known;
  const { totals, state } = summary;
  const done = totals.inserted + totals.updated + totals.skipped + totals.rejected;
  const over = state === 'completed' || state === 'cancelled' || state === 'failed';
  // A failed one waits for somebody to decide: nothing more happens to it by itself.
  const open = !over || state === 'failed';
  const number = (value: number): string => format.number(value);
  return (
    <Page
      title={summary.fileName}
      badge={<ImportState summary={summary} />}
      actions={
        <>
          <CopyLink target={{ kind: 'import', id: importId }} />
          {open && (
            <Controls
              importId={importId}
              summary={summary}
              left={totals.read === null ? null : totals.read - done}
            />
          )}
          {over && <UndoButton importId={importId} summary={summary} />}
          {over && <Button onClick={onAnother}>{t('another')}</Button>}
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {summary.problem !== null && (
          <Notice tone={state === 'failed' ? 'danger' : 'warning'} title={summary.problem} />
        )}
        {!over && (
          <Card>
            <Progress
              label={t(progressLabel(summary))}
              done={state === 'staging' ? totals.staged : done}
              total={totals.read ?? totals.expected}
              perSecond={summary.rowsPerSecond ?? undefined}
            />
          </Card>
        )}
        <UndoCard importId={importId} summary={summary} />
        {state === 'completed' && summary.undo === null && (
          <Notice
            tone="success"
            title={t('done', { file: summary.fileName })}
            actions={
              <>
                <ButtonLink to="/contacts" search={{ import: importId }}>
                  {t('showContacts')}
                </ButtonLink>
                <ButtonLink variant="primary" to="/compose" search={{ import: importId }}>
                  {t('send')}
                </ButtonLink>
              </>
            }
          >
            {t('honest', {
              inserted: number(totals.inserted),
              updated: number(totals.updated),
              skipped: number(totals.skipped),
              rejected: number(totals.rejected),
              read: number(totals.read ?? done),
            })}
          </Notice>
        )}
        <div className="grid grid-cols-4 gap-4">
          {(['inserted', 'updated', 'skipped', 'rejected'] as const).map((key) => (
            <Card key={key}>
              <Stat label={t(key)} value={<NumberText value={totals[key]} />} />
            </Card>
          ))}
        </div>
        {over && totals.rejected > 0 && <RejectedCard importId={importId} />}
        <RunFacts summary={summary} />
      </div>
    </Page>
  );
}

function progressLabel({ continuing, state, totals }: ImportSummary) {
  if (state === 'paused') return 'pausedAt';
  if (continuing) return 'continuing.reading';
  if (state !== 'staging') return 'importing';
  return totals.inserted + totals.updated > 0 ? 'overlapping' : 'staging';
}

interface ControlsProps {
  readonly importId: ImportId;
  readonly summary: ImportSummary;
  /** Rows that are not written yet; null while the file is still being read. */
  readonly left: number | null;
}

function Controls({ importId, summary, left }: ControlsProps) {
  const t = useImportText();
  const control = useControl(importId);
  const [asking, setAsking] = useState(false);
  return (
    <>
      {summary.state === 'paused' || summary.state === 'failed' ? (
        <Button variant="primary" busy={control.isPending} onClick={() => control.mutate('resume')}>
          {t('resume')}
        </Button>
      ) : (
        // Mended rows are put in all at once: there is nothing to pause until they are.
        !summary.continuing && (
          <Button busy={control.isPending} onClick={() => control.mutate('pause')}>
            {t('pause')}
          </Button>
        )
      )}
      <Button variant="danger" onClick={() => setAsking(true)}>
        {t('cancel')}
      </Button>
      <CancelDialog
        importId={importId}
        summary={summary}
        left={left}
        open={asking}
        onOpenChange={setAsking}
      />
    </>
  );
}

interface CancelDialogProps extends ControlsProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

function CancelDialog({ importId, summary, left, open, onOpenChange }: CancelDialogProps) {
  const t = useImportText();
  const format = useFormat();
  const cancel = useCancel(importId);
  const [written, setWritten] = useState<'keep' | 'roll-back'>('keep');
  const { inserted, updated } = summary.totals;
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={onOpenChange}
      danger
      title={t('cancelTitle')}
      description={
        left === null ? t('cancelHintReading') : t('cancelHint', { left: format.number(Math.max(0, left)) })
      }
      confirmLabel={t('cancelGo')}
      dismissLabel={t('cancelNot')}
      onConfirm={() => cancel.mutate(written === 'roll-back')}
    >
      <RadioGroup
        label={t('cancelChoice', { written: format.number(inserted + updated) })}
        value={written}
        onValueChange={setWritten}
        options={[
          { value: 'keep', label: t('cancelKeep'), hint: t('cancelKeepHint') },
          { value: 'roll-back', label: t('cancelRollBack'), hint: t('cancelRollBackHint') },
        ]}
      />
    </ConfirmDialog>
  );
}

function RejectedCard({ importId }: { readonly importId: ImportId }) {
  const t = useImportText();
  const format = useFormat();
  const { data: found } = useRejected(importId, true);
  const download = useDownloadRejected(importId);
  return (
    <Card
      title={t('rejectedTitle')}
      hint={t('rejectedHint')}
      padding="none"
      actions={
        <Button icon={Download} size="sm" busy={download.isPending} onClick={() => download.mutate()}>
          {t('download')}
        </Button>
      }
    >
      <div className="max-h-96 overflow-auto" tabIndex={0} role="region" aria-label={t('rejectedTitle')}>
        <table className="w-full text-xs">
          <thead className="sticky top-0 bg-surface text-left text-ink-3">
            <tr className="border-b border-line">
              <th className="px-4 py-1.5 text-right font-medium">{t('row')}</th>
              <th className="px-3 py-1.5 font-medium">{t('reasons')}</th>
              <th className="px-3 py-1.5 font-medium">{t('original')}</th>
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {found?.rows.map((row) => (
              <tr key={row.row}>
                <td className="tabular px-4 py-1.5 text-right text-ink-3">{row.row}</td>
                <td className="px-3 py-1.5">{row.reasons.map(({ message }) => message).join(' · ')}</td>
                <td className="px-3 py-1.5 text-ink-2">
                  {row.cells.map((cell, index) => (
                    // Each cell by itself: an Arabic name must not turn the number beside it around.
                    <Fragment key={index}>
                      {index > 0 && ' · '}
                      <bdi>{cell}</bdi>
                    </Fragment>
                  ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {found !== undefined && found.total > found.rows.length && (
        <p className="tabular border-t border-line px-4 py-2 text-xs text-ink-3">
          {t('rejectedFirst', {
            shown: format.number(found.rows.length),
            total: format.number(found.total),
          })}
        </p>
      )}
    </Card>
  );
}

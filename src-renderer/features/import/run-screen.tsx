import { useQueryClient } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { Fragment, useState } from 'react';
import type { ImportSummary } from '@shared/contract/imports';
import { cutText } from '@shared/domain/cell';
import type { ImportId } from '@shared/domain/ids';
import { useFormat } from '@renderer/i18n/use-format';
import { client } from '@renderer/platform/client';
import { wordsOf } from '@renderer/platform/failure';
import { useStream } from '@renderer/platform/use-stream';
import { CopyLink } from '@renderer/commands';
import {
  Button,
  ButtonLink,
  Card,
  ConfirmDialog,
  ErrorState,
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
import { useFocusKept } from './use-focus-kept';

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
  const contacts = (
    <ButtonLink to="/contacts" search={{ import: importId }}>
      {t('showContacts')}
    </ButtonLink>
  );
  // Its buttons go away with it.
  useFocusKept(over);
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
              // Read again after a pause, it begins with rows that are written.
              done={state === 'staging' ? Math.max(totals.staged, done) : done}
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
                {contacts}
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
        {state === 'cancelled' && summary.undo === null && (
          <Notice
            title={t('cancelled.title')}
            actions={totals.inserted + totals.updated > 0 ? contacts : undefined}
          >
            {totals.inserted + totals.updated === 0
              ? t('cancelled.nothing')
              : t('cancelled.stay', { inserted: number(totals.inserted), updated: number(totals.updated) })}
          </Notice>
        )}
        <div className="grid grid-cols-4 gap-4">
          {(['inserted', 'updated', 'skipped', 'rejected'] as const).map((key) => (
            <Card key={key}>
              <Stat label={t(key)} value={<NumberText value={totals[key]} />} />
            </Card>
          ))}
        </div>
        {over && totals.rejected > 0 && <RejectedCard importId={importId} hint={rejectedHint(summary)} />}
        <RunFacts summary={summary} />
      </div>
    </Page>
  );
}

/** What becomes of the rejected rows when they are dropped again. */
function rejectedHint({ state, undo, totals }: ImportSummary) {
  const isWhole = state === 'completed' || (state === 'cancelled' && totals.read !== null);
  return undo === null && isWhole ? 'rejectedHint' : 'rejectedAnew';
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
  const cancel = useCancel(importId);
  // Until the import has ended it would otherwise look as if nothing had happened.
  const cancels = cancel.isPending || cancel.isSuccess;
  const [asking, setAsking] = useState(false);
  return (
    <>
      {summary.state === 'paused' || summary.state === 'failed' ? (
        <Button
          variant="primary"
          disabled={cancels}
          busy={control.isPending}
          onClick={() => control.mutate('resume')}
        >
          {t('resume')}
        </Button>
      ) : (
        // Mended rows are put in all at once: there is nothing to pause until they are.
        !summary.continuing && (
          <Button disabled={cancels} busy={control.isPending} onClick={() => control.mutate('pause')}>
            {t('pause')}
          </Button>
        )
      )}
      <Button variant="danger" busy={cancels} onClick={() => setAsking(true)}>
        {t('cancel')}
      </Button>
      <CancelDialog
        summary={summary}
        left={left}
        open={asking}
        onOpenChange={setAsking}
        onCancel={(rollBack) => cancel.mutate(rollBack)}
      />
    </>
  );
}

interface CancelDialogProps extends Omit<ControlsProps, 'importId'> {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly onCancel: (rollBack: boolean) => void;
}

function CancelDialog({ summary, left, open, onOpenChange, onCancel }: CancelDialogProps) {
  const t = useImportText();
  const format = useFormat();
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
      onConfirm={() => onCancel(written === 'roll-back')}
    >
      <RadioGroup
        label={t('cancelChoice', { count: inserted + updated })}
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

interface RejectedCardProps {
  readonly importId: ImportId;
  readonly hint: 'rejectedHint' | 'rejectedAnew';
}

function RejectedCard({ importId, hint }: RejectedCardProps) {
  const t = useImportText();
  const format = useFormat();
  const rejected = useRejected(importId, true);
  const found = rejected.data;
  const download = useDownloadRejected(importId);
  return (
    <Card
      title={t('rejectedTitle')}
      hint={t(hint)}
      padding="none"
      actions={
        <Button icon={Download} size="sm" busy={download.isPending} onClick={() => download.mutate()}>
          {t('download')}
        </Button>
      }
    >
      {rejected.error !== null && (
        <ErrorState error={wordsOf(rejected.error)} onRetry={() => void rejected.refetch()} />
      )}
      <div className="max-h-96 overflow-auto" tabIndex={0} role="region" aria-label={t('rejectedTitle')}>
        <table className="w-full text-xs">
          <thead className="sticky top-0 bg-surface text-left text-ink-3">
            <tr className="border-b border-line">
              <th className="px-4 py-1.5 text-right font-medium">{t('row')}</th>
              <th className="w-1/3 min-w-56 px-3 py-1.5 font-medium">{t('reasons')}</th>
              <th className="px-3 py-1.5 font-medium">{t('original')}</th>
            </tr>
          </thead>
          <tbody className="divide-y divide-line align-top">
            {found?.rows.map((row) => (
              <tr key={row.row}>
                <td className="tabular px-4 py-1.5 text-right text-ink-3">{row.row}</td>
                <td className="px-3 py-1.5">{row.reasons.map(({ message }) => message).join(' · ')}</td>
                <td className="px-3 py-1.5 wrap-anywhere text-ink-2">
                  {row.cells
                    .filter((cell) => cell.trim() !== '')
                    .map((cell, index) => (
                      // Each cell by itself: an Arabic name must not turn the number beside it around.
                      <Fragment key={index}>
                        {index > 0 && ' · '}
                        <ShortCell text={cell} />
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

const SHORT_CELL = 80;

/** A page of text in one cell must not push the other rows out of sight. */
function ShortCell({ text }: { readonly text: string }) {
  if (text.length <= SHORT_CELL) return <bdi>{text}</bdi>;
  return <bdi title={text}>{`${cutText(text, SHORT_CELL)}…`}</bdi>;
}

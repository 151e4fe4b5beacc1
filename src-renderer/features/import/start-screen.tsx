import { FlaskConical, PanelRight, Pause, Play, Users } from 'lucide-react';
import { useEffect } from 'react';
import type { ImportId } from '@shared/domain/ids';
import { useNavigate } from '@tanstack/react-router';
import type { ImportSummary } from '@shared/contract/imports';
import type { AppError } from '@shared/errors';
import { useCopyLink, useRowCommands } from '@renderer/commands';
import { callQuery, client } from '@renderer/platform/client';
import { type GivenFile, resolveFile } from '@renderer/platform/files';
import { useFormat } from '@renderer/i18n/use-format';
import { useOpenedFile } from '@renderer/platform/opened-file';
import {
  Button,
  Card,
  ErrorState,
  FileDrop,
  Notice,
  NumberText,
  Page,
  Progress,
  RelativeTime,
  RovingRows,
  SkeletonLines,
} from '@renderer/ui';
import { wordsOf } from '@renderer/platform/failure';
import { ImportState } from './import-state';
import { OpenedFiles } from './opened-files';
import { showProblem, useImports, useOpenFile, useSampleData } from './queries';
import { Continued, Took } from './run-facts';
import { SavedMappings } from './saved-mappings';
import { useImportText } from './texts';

interface StartScreenProps {
  readonly onOpen: (importId: ImportId) => void;
}

/** Choose a file, or look at an earlier import. */
export function StartScreen({ onOpen }: StartScreenProps) {
  const t = useImportText();
  const openFile = useOpenFile();
  const sample = useSampleData();
  const open = (file: GivenFile): void => openFile.mutate(file, { onSuccess: (draft) => onOpen(draft.id) });
  const offered = useOpenedFile((state) => state.file);
  useEffect(() => {
    if (offered === null) return;
    const file = useOpenedFile.getState().take();
    if (file !== null) openFile.mutate(file, { onSuccess: (draft) => onOpen(draft.id) });
  }, [offered, openFile, onOpen]);
  return (
    <Page title={t('title')} hint={t('hint')}>
      <div className="flex flex-col gap-6">
        {openFile.isPending ? (
          <Opening file={openFile.variables} />
        ) : (
          <FileDrop
            onFiles={(files) => {
              const [file] = files;
              if (file !== undefined) open(resolveFile(file));
            }}
            hint={t('dropHint')}
          />
        )}
        {openFile.error !== null && (
          <NotOpened name={openFile.variables.name} problem={wordsOf(openFile.error)} />
        )}
        <div className="flex items-center justify-center gap-3 text-sm text-ink-2">
          {t('sampleHint')}
          <Button
            icon={FlaskConical}
            busy={sample.isPending}
            onClick={() => sample.mutate(undefined, { onSuccess: ({ importId }) => onOpen(importId) })}
          >
            {t('sample')}
          </Button>
        </div>
        <OpenedFiles onOpen={onOpen} />
        <div className="grid items-start gap-6 min-[1900px]:grid-cols-[3fr_2fr]">
          <History onOpen={onOpen} />
          <SavedMappings />
        </div>
      </div>
    </Page>
  );
}

/** How long that takes is known only once it is done: a browser sends it first, and then its texts are read. */
function Opening({ file: { name, size } }: { readonly file: GivenFile }) {
  const t = useImportText();
  const format = useFormat();
  return (
    <Card>
      <div role="status" className="mx-auto max-w-xl py-10">
        <Progress
          size="sm"
          label={t('reading', { file: name, size: format.bytes(size) })}
          done={0}
          total={null}
        />
      </div>
    </Card>
  );
}

function NotOpened({ name, problem }: { readonly name: string; readonly problem: AppError }) {
  const t = useImportText();
  return (
    <Notice tone="danger" title={t('notOpened', { file: name })}>
      {problem.message} {problem.action}
    </Notice>
  );
}

function History({ onOpen }: StartScreenProps) {
  const t = useImportText();
  const imports = useImports();
  const navigate = useNavigate();
  const link = useCopyLink();
  const control = (what: 'pause' | 'resume', { id }: ImportSummary): void => {
    callQuery(client.imports[what]({ importId: id })).then(
      () => imports.refetch(),
      (error: unknown) => showProblem(error instanceof Error ? error : new Error(String(error))),
    );
  };
  const rowCommands = useRowCommands<ImportSummary>([
    {
      id: 'imports.row.open',
      title: t('actOn.open'),
      icon: PanelRight,
      group: 0,
      run: ({ id }) => onOpen(id),
    },
    link.rowCommand('imports.row', ({ id }) => ({ kind: 'import', id })),
    {
      id: 'imports.row.contacts',
      title: t('actOn.contacts'),
      icon: Users,
      group: 0,
      when: ({ totals }) => totals.inserted + totals.updated > 0,
      run: ({ id }) => void navigate({ to: '/contacts', search: { import: id } }),
    },
    {
      id: 'imports.row.pause',
      title: t('actOn.pause'),
      icon: Pause,
      shortcut: 'p',
      group: 1,
      when: ({ state }) => state === 'running' || state === 'queued',
      run: (row) => control('pause', row),
    },
    {
      id: 'imports.row.resume',
      title: t('actOn.resume'),
      icon: Play,
      shortcut: 'p',
      group: 1,
      when: ({ state }) => state === 'paused' || state === 'failed',
      run: (row) => control('resume', row),
    },
  ]);
  if (imports.error !== null)
    return <ErrorState error={wordsOf(imports.error)} onRetry={() => void imports.refetch()} />;
  if (imports.data === undefined) return <SkeletonLines lines={4} />;
  const rows = imports.data.pages.flatMap((page) => page.imports);
  return (
    <Card title={t('history')} padding="none">
      {rows.length === 0 ? (
        <p className="px-4 py-6 text-center text-sm text-ink-3">{t('noHistory')}</p>
      ) : (
        <table className="w-full text-sm">
          <thead className="text-left text-xs text-ink-3">
            <tr className="border-b border-line">
              <th className="px-4 py-2 font-medium">{t('file')}</th>
              <th className="px-4 py-2 font-medium">{t('state')}</th>
              {(['rows', 'inserted', 'updated', 'skipped', 'rejected'] as const).map((key) => (
                <th key={key} className="px-3 py-2 text-right font-medium">
                  {t(key)}
                </th>
              ))}
              <th className="px-3 py-2 text-right font-medium">{t('took')}</th>
              <th className="px-3 py-2 font-medium">{t('by')}</th>
              <th className="px-4 py-2 text-right font-medium">{t('when')}</th>
            </tr>
          </thead>
          <RovingRows
            rows={rows}
            frame={(props) => <tbody {...props} className="tabular divide-y divide-line" />}
            {...rowCommands}
          >
            {(row, { row: place, focus }) => (
              <tr key={row.id} {...place} className="hover:bg-hover">
                <td className="max-w-72 truncate px-4 py-2">
                  <button
                    type="button"
                    {...focus}
                    className="font-medium text-accent-text hover:underline"
                    onClick={() => onOpen(row.id)}
                  >
                    {row.fileName}
                  </button>
                  <Continued summary={row} />
                </td>
                <td className="px-4 py-2">
                  <ImportState summary={row} />
                </td>
                {[
                  row.totals.read ?? row.totals.staged,
                  row.totals.inserted,
                  row.totals.updated,
                  row.totals.skipped,
                  row.totals.rejected,
                ].map((value, index) => (
                  <td key={index} className="px-3 py-2 text-right">
                    <NumberText value={value} quietZero />
                  </td>
                ))}
                <td className="px-3 py-2 text-right">
                  <Took summary={row} />
                </td>
                <td className="max-w-32 truncate px-3 py-2">{row.createdBy}</td>
                <td className="px-4 py-2 text-right whitespace-nowrap">
                  <RelativeTime at={new Date(row.createdAt)} />
                </td>
              </tr>
            )}
          </RovingRows>
        </table>
      )}
      {imports.hasNextPage && (
        <div className="flex justify-center border-t border-line py-2">
          <Button size="sm" busy={imports.isFetchingNextPage} onClick={() => void imports.fetchNextPage()}>
            {t('earlier')}
          </Button>
        </div>
      )}
    </Card>
  );
}

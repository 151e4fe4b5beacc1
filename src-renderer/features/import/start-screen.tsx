import { FlaskConical } from 'lucide-react';
import { useEffect } from 'react';
import type { ImportId } from '@shared/domain/ids';
import type { AppError } from '@shared/errors';
import { type GivenFile, resolveFile } from '@renderer/platform/files';
import { useOpenedFile } from '@renderer/platform/opened-file';
import {
  Button,
  Card,
  ErrorState,
  FileDrop,
  Notice,
  NumberText,
  Page,
  RelativeTime,
  SkeletonLines,
} from '@renderer/ui';
import { wordsOf } from '@renderer/platform/failure';
import { ImportState } from './import-state';
import { useImports, useOpenFile, useSampleData } from './queries';
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
          <Card>
            <p role="status" className="py-10 text-center text-sm text-ink-2">
              {t('reading')}
            </p>
          </Card>
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
        <div className="grid items-start gap-6 min-[1900px]:grid-cols-[3fr_2fr]">
          <History onOpen={onOpen} />
          <SavedMappings />
        </div>
      </div>
    </Page>
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
  if (imports.error !== null)
    return <ErrorState error={wordsOf(imports.error)} onRetry={() => void imports.refetch()} />;
  if (imports.data === undefined) return <SkeletonLines lines={4} />;
  const rows = imports.data.imports;
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
          <tbody className="tabular divide-y divide-line">
            {rows.map((row) => (
              <tr key={row.id} className="hover:bg-hover">
                <td className="max-w-72 truncate px-4 py-2">
                  <button
                    type="button"
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
                  row.totals.read ?? 0,
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
            ))}
          </tbody>
        </table>
      )}
    </Card>
  );
}

import type { ReactNode } from 'react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { ImportId } from '@shared/domain/ids';
import { ErrorState, Page, SkeletonLines } from '@renderer/ui';
import { DraftScreen } from './draft-screen';
import { wordsOf } from '@renderer/platform/failure';
import { useSummary } from './queries';
import { RunScreen } from './run-screen';
import { StartScreen } from './start-screen';
import { useImportText } from './texts';
import { useFocusKept } from './use-focus-kept';

/** From a file to contacts: choose, check, run. */
export function ImportPage(): ReactNode {
  const { id } = useSearch({ from: '/import' });
  const navigate = useNavigate({ from: '/import' });
  useFocusKept(id);
  const open = (next: ImportId | undefined): void =>
    void navigate({ search: next === undefined ? {} : { id: next } });
  return id === undefined ? (
    <StartScreen onOpen={open} />
  ) : (
    <OneImport key={id} importId={id} onOpen={open} />
  );
}
export { ImportPage as Page };

interface OneImportProps {
  readonly importId: ImportId;
  readonly onOpen: (next: ImportId | undefined) => void;
}

function OneImport({ importId, onOpen }: OneImportProps) {
  const t = useImportText();
  const summary = useSummary(importId);
  useFocusKept(`${summary.data?.state === 'draft'} ${summary.data?.undo?.startedAt}`);
  if (summary.error !== null)
    return (
      <Page title={t('title')}>
        <ErrorState error={wordsOf(summary.error)} onRetry={() => void summary.refetch()} size="page" />
      </Page>
    );
  if (summary.data === undefined)
    return (
      <Page title={t('title')}>
        <SkeletonLines lines={10} />
      </Page>
    );
  return summary.data.state === 'draft' ? (
    <DraftScreen importId={importId} onLeave={() => onOpen(undefined)} onOpen={onOpen} />
  ) : (
    <RunScreen
      // An import that is over ends its stream; taking it back begins another.
      key={summary.data.undo?.startedAt ?? ''}
      importId={importId}
      known={summary.data}
      onAnother={() => onOpen(undefined)}
    />
  );
}

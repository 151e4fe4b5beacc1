import { type ReactNode, useState } from 'react';
import type { ImportId } from '@shared/domain/ids';
import { ConfirmDialog } from '@renderer/ui';
import { useHasChoice } from './draft-choices';
import { useDiscard } from './queries';
import { useImportText } from './texts';

interface DiscardProps {
  readonly importId: ImportId;
  readonly fileName: string;
  /** Made in its rows so far. */
  readonly corrections: number;
  readonly onDiscarded?: () => void;
  /** What asks for it. */
  readonly children: (press: () => void, busy: boolean) => ReactNode;
}

/** Discards a draft: at once where nothing was done in it, else after a question. */
export function Discard({ importId, fileName, corrections, onDiscarded, children }: DiscardProps) {
  const t = useImportText();
  const discard = useDiscard();
  const hasChoice = useHasChoice(importId);
  const [asking, setAsking] = useState(false);
  const go = (): void => discard.mutate(importId, { onSuccess: () => onDiscarded?.() });
  const lost = [
    ...(corrections === 0 ? [] : [t('discarding.corrections', { count: corrections })]),
    ...(hasChoice ? [t('discarding.choice')] : []),
    t('discarding.file'),
  ];
  return (
    <>
      {children(() => (corrections > 0 || hasChoice ? setAsking(true) : go()), discard.isPending)}
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        danger
        title={t('discarding.title', { file: fileName })}
        description={lost.join(' ')}
        confirmLabel={t('discarding.go')}
        dismissLabel={t('discarding.not')}
        onConfirm={go}
      />
    </>
  );
}

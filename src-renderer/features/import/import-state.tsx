import type { ImportSummary } from '@shared/contract/imports';
import { Badge, type Tone } from '@renderer/ui';
import { useImportText } from './texts';

const stateTones: Readonly<Record<ImportSummary['state'], Tone>> = {
  draft: 'neutral',
  staging: 'info',
  queued: 'info',
  running: 'info',
  paused: 'warning',
  completed: 'success',
  cancelled: 'neutral',
  failed: 'danger',
};

/** How far an import is; one that was taken back says so, whatever it was before. */
export function ImportState({ summary: { state, undo } }: { readonly summary: ImportSummary }) {
  const t = useImportText();
  if (undo?.finishedAt != null) return <Badge>{t('undo.state')}</Badge>;
  return <Badge tone={stateTones[state]}>{t(`states.${state}`)}</Badge>;
}

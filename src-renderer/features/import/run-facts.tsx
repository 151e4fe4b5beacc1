import type { ImportSummary } from '@shared/contract/imports';
import { Bytes, Card, DateTime, Duration, type Property, PropertyList } from '@renderer/ui';
import { useImportText } from './texts';

/** How long an import took, once it has ended. */
export function Took({ summary: { startedAt, finishedAt } }: { readonly summary: ImportSummary }) {
  if (startedAt === null || finishedAt === null) return null;
  return <Duration ms={Date.parse(finishedAt) - Date.parse(startedAt)} />;
}

/** Who imported what, when, and with which options. */
export function RunFacts({ summary }: { readonly summary: ImportSummary }) {
  const t = useImportText();
  const { options } = summary;
  const ended: readonly Property[] =
    summary.finishedAt === null ? [] : [{ label: t('took'), value: <Took summary={summary} /> }];
  const chosen = [
    options.skipDuplicates && t('skipDuplicates'),
    options.updateExisting && t('updateExisting'),
    options.validatePhone && t('validatePhone'),
  ].filter((words) => words !== false);
  return (
    <Card title={t('facts')}>
      <PropertyList
        properties={[
          { label: t('by'), value: summary.createdBy },
          { label: t('when'), value: <DateTime at={Date.parse(summary.createdAt)} /> },
          ...ended,
          { label: t('size'), value: <Bytes value={summary.sizeBytes} /> },
          { label: t('options'), value: chosen.join(' · ') || '–' },
          { label: t('country'), value: options.defaultCountry ?? '–' },
          { label: t('tags'), value: options.tags.join(', ') || '–' },
        ]}
      />
    </Card>
  );
}

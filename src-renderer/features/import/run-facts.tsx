import type { ImportSummary } from '@shared/contract/imports';
import { Bytes, Card, DateTime, Duration, type Property, PropertyList } from '@renderer/ui';
import { useImportText } from './texts';

/** How long an import took, once it has ended; of one that was continued, the last round. */
export function Took({ summary }: { readonly summary: ImportSummary }) {
  const { startedAt, finishedAt, continued } = summary;
  if (startedAt === null || finishedAt === null) return null;
  return <Duration ms={Date.parse(finishedAt) - Date.parse(continued?.at ?? startedAt)} />;
}

/** Says that mended rows were put into the import, under its name in the list. */
export function Continued({ summary: { continued } }: { readonly summary: ImportSummary }) {
  const t = useImportText();
  if (continued === null) return null;
  return (
    <span className="block text-xs text-ink-3">
      {t('continuing.on')} <DateTime at={Date.parse(continued.at)} /> ·{' '}
      {t('continuing.count', { count: continued.rounds })}
    </span>
  );
}

/** Who imported what, when, and with which options. */
export function RunFacts({ summary }: { readonly summary: ImportSummary }) {
  const t = useImportText();
  const { options, totals } = summary;
  const leftOut: readonly Property[] =
    totals.excluded === 0
      ? []
      : [{ label: t('leftOut'), value: t('leftOutRows', { count: totals.excluded }) }];
  const ended: readonly Property[] =
    summary.finishedAt === null ? [] : [{ label: t('took'), value: <Took summary={summary} /> }];
  const continued: readonly Property[] =
    summary.continued === null
      ? []
      : [
          {
            label: t('continuing.label'),
            value: (
              <>
                {t('continuing.rounds', { count: summary.continued.rounds })}{' '}
                <DateTime at={Date.parse(summary.continued.at)} />
              </>
            ),
          },
        ];
  const chosen = [
    options.skipDuplicates && t('skipDuplicates'),
    options.updateExisting && t('updateExisting'),
    options.updateExisting && options.blanksOverwrite && t('rules.blanks'),
    options.validatePhone && t('validatePhone'),
    options.duplicateWins === 'last' && t('lastWins'),
  ].filter((words) => words !== false);
  return (
    <Card title={t('facts')}>
      <PropertyList
        properties={[
          { label: t('by'), value: summary.createdBy },
          { label: t('when'), value: <DateTime at={Date.parse(summary.createdAt)} /> },
          ...continued,
          ...ended,
          { label: t('size'), value: <Bytes value={summary.sizeBytes} /> },
          ...leftOut,
          { label: t('options'), value: chosen.join(' · ') || '–' },
          { label: t('country'), value: options.defaultCountry ?? '–' },
          { label: t('tags'), value: options.tags.join(', ') || '–' },
        ]}
      />
    </Card>
  );
}

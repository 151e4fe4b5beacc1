import type { Analytics } from '@shared/contract/activity';
import { useFormat } from '@renderer/i18n/use-format';
import { Card, Duration, NumberText, Stat } from '@renderer/ui';
import { useActivityText } from './texts';

/** The figures of the whole range. */
export function Totals({ totals }: { readonly totals: Analytics['totals'] }) {
  const t = useActivityText();
  const format = useFormat();
  const time = (ms: number | null): string => (ms === null ? '–' : format.duration(ms));
  return (
    <div className="grid grid-cols-3 gap-4 xl:grid-cols-6">
      {(['total', 'completed', 'failed', 'running'] as const).map((key) => (
        <Card key={key}>
          <Stat label={t(key)} value={<NumberText value={totals[key]} />} />
        </Card>
      ))}
      <Card>
        <Stat
          label={t('rate')}
          value={
            totals.successRate === null ? (
              '–'
            ) : (
              <NumberText value={totals.successRate} as="percent" digits={1} />
            )
          }
          detail={t('rateHint')}
        />
      </Card>
      <Card>
        <Stat
          label={t('atWork')}
          value={totals.averageMs === null ? '–' : <Duration ms={totals.averageMs} />}
          detail={t('tookDetail', { p50: time(totals.p50Ms), p95: time(totals.p95Ms) })}
        />
      </Card>
    </div>
  );
}

import type { ReactNode } from 'react';
import { OTHER_NAMES } from '@shared/contract/charts';
import type { QueueName } from '@shared/domain/queues';
import { useFormat } from '@renderer/i18n/use-format';
import { Button, Card, Duration, NumberText, RelativeTime } from '@renderer/ui';
import { useWaiting } from './queries';
import { useChartsText } from './texts';

interface WaitingCardProps {
  readonly queue: QueueName;
  /** The name whose charts are shown. */
  readonly name: string | undefined;
  readonly onName: (name: string) => void;
}

const cell = 'tabular px-2 py-1.5 text-right whitespace-nowrap';

/** What waits in a queue now, by the names of the jobs. Nothing where nothing waits. */
export function WaitingCard({ queue, name: shown, onName }: WaitingCardProps): ReactNode {
  const t = useChartsText();
  const format = useFormat();
  const { data } = useWaiting(queue);
  if (data === undefined || data.names.length === 0) return null;
  const { names, looked, total } = data;
  return (
    <Card
      title={t('byName.title')}
      hint={
        looked < total
          ? t('byName.some', { looked: format.number(looked), total: format.number(total) })
          : t('byName.all')
      }
      padding="none"
    >
      <div className="max-h-64 overflow-auto" tabIndex={0} role="region" aria-label={t('byName.title')}>
        <table className="w-full text-sm" aria-label={t('byName.title')}>
          <thead className="text-xs text-ink-3">
            <tr className="border-b border-line">
              <th scope="col" className="py-2 pr-2 pl-4 text-left font-medium">
                {t('name')}
              </th>
              {(['count', 'oldest', 'rate', 'eta'] as const).map((head) => (
                <th key={head} scope="col" className="px-2 py-2 text-right font-medium last:pr-4">
                  {t(`byName.${head}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {names.map(({ name, waiting, oldestAt, perSecond, etaSeconds }) => (
              <tr key={name} className="border-b border-line last:border-b-0">
                <th scope="row" className="py-1 pr-2 pl-4 text-left font-normal">
                  {name === OTHER_NAMES ? (
                    t('otherNames')
                  ) : (
                    // The words of the button stand in line with their head.
                    <span className="-ml-2">
                      <Button
                        size="sm"
                        variant="ghost"
                        disabled={name === shown}
                        onClick={() => onName(name)}
                      >
                        {name}
                      </Button>
                    </span>
                  )}
                </th>
                <td className={cell}>
                  <NumberText value={waiting} />
                </td>
                <td className={cell}>
                  <RelativeTime at={Date.parse(oldestAt)} />
                </td>
                <td className={cell}>
                  <NumberText value={perSecond} as="rate" quietZero />
                </td>
                <td className={`${cell} pr-4`}>
                  {etaSeconds === null ? t('byName.never') : <Duration ms={etaSeconds * 1_000} />}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

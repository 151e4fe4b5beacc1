import type { ImportOptions, ImportPreview } from '@shared/contract/imports';
import { type DateOrder, isoDate } from '@shared/domain/date-order';
import { useFormat } from '@renderer/i18n/use-format';
import { Card, Select } from '@renderer/ui';
import { useImportText } from './texts';

type Orders = ImportOptions['dateOrders'];

interface DatesCardProps {
  readonly dates: ImportPreview['dates'];
  readonly orders: Orders;
  readonly onChange: (orders: Orders) => void;
}

const ORDERS = ['day-first', 'month-first'] as const;

/** What dates in numbers mean: as the whole column says, or as somebody answers where it cannot tell. */
export function DatesCard({ dates, orders, onChange }: DatesCardProps) {
  const t = useImportText();
  const format = useFormat();
  const read = (text: string, order: DateOrder): string => {
    const iso = isoDate(text, order);
    return iso === undefined ? t('dates.none') : format.isoDay(iso);
  };
  return (
    <Card title={t('dates.title')} hint={t('dates.hint')}>
      <div className="grid grid-cols-[repeat(auto-fill,minmax(16rem,1fr))] gap-4">
        {dates.map(({ key, finding, example }) => (
          <Select
            key={key}
            label={t('dates.question', { field: key, example })}
            placeholder={t('dates.choose')}
            hint={finding === 'ambiguous' ? t('dates.ambiguous') : t('dates.inferred')}
            value={orders[key] ?? (finding === 'ambiguous' ? null : finding)}
            onValueChange={(order) => onChange({ ...orders, [key]: order })}
            options={[
              ...ORDERS.map((order) => ({
                value: order,
                label: t(`dates.${order}`, { date: read(example, order) }),
              })),
              { value: 'text' as const, label: t('dates.text') },
            ]}
          />
        ))}
      </div>
    </Card>
  );
}

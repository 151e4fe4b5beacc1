import type { ColumnTarget, ImportDraft, Mapping, SuggestedColumn } from '@shared/contract/imports';
import { newCustomKey } from '@shared/domain/column-mapping';
import { Card, Select } from '@renderer/ui';
import { useImportText } from './texts';

interface ColumnsCardProps {
  readonly draft: ImportDraft;
  readonly mapping: Mapping;
  readonly onChange: (mapping: Mapping) => void;
}

const FIELDS = [
  'phone',
  'name',
  'firstName',
  'lastName',
  'email',
  'tags',
  'country',
  'optOut',
  'ignore',
] as const;

/** What each column goes into: suggested, with the reason, and to be changed. */
export function ColumnsCard({ draft, mapping, onChange }: ColumnsCardProps) {
  const t = useImportText();
  const set = (index: number, target: ColumnTarget): void =>
    onChange(mapping.map((each, position) => (position === index ? target : each)));
  return (
    <Card title={t('columns')} hint={t('columnsHint')} padding="none">
      <div className="overflow-x-auto" tabIndex={0} role="region" aria-label={t('columns')}>
        <table className="w-full text-sm">
          <thead className="text-left text-xs text-ink-3">
            <tr className="border-b border-line">
              <th className="px-4 py-2 font-medium">{t('column')}</th>
              <th className="px-4 py-2 font-medium">{t('examples')}</th>
              <th className="w-64 px-4 py-2 font-medium">{t('goesInto')}</th>
              <th className="px-4 py-2 font-medium">{t('why')}</th>
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {draft.columns.map((column, index) => (
              <ColumnRow
                key={column.index}
                column={column}
                target={mapping[index] ?? { field: 'ignore' }}
                ownKey={ownKeyOf(column, mapping)}
                onChange={(target) => set(index, target)}
              />
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

interface ColumnRowProps {
  readonly column: SuggestedColumn;
  readonly target: ColumnTarget;
  readonly ownKey: string;
  readonly onChange: (target: ColumnTarget) => void;
}

function ColumnRow({ column, target, ownKey, onChange }: ColumnRowProps) {
  const t = useImportText();
  const options = [
    ...FIELDS.map((field) => ({ value: field, label: t(`field.${field}`) })),
    { value: 'custom', label: t('field.custom', { key: ownKey }) },
  ];
  const choose = (value: string): void => {
    const field = FIELDS.find((each) => each === value);
    onChange(field === undefined ? { field: 'custom', key: ownKey } : { field });
  };
  return (
    <tr>
      <td className="px-4 py-1.5 font-medium">{column.header}</td>
      <td className="max-w-72 truncate px-4 py-1.5 text-xs text-ink-2">
        {column.samples.slice(0, 3).join(' · ')}
      </td>
      <td className="px-4 py-1.5">
        <Select
          size="sm"
          label={`${t('goesInto')}: ${column.header}`}
          labelHidden
          value={target.field}
          onValueChange={choose}
          options={options}
        />
      </td>
      <td className="px-4 py-1.5 text-xs text-ink-3">
        <span className="tabular mr-2">{Math.round(column.confidence * 100)} %</span>
        {column.reason}
      </td>
    </tr>
  );
}

/** The suggested key of an own field, or one made of the header that no other column uses. */
const ownKeyOf = (column: SuggestedColumn, mapping: Mapping): string => {
  if (column.target.field === 'custom') return column.target.key;
  const taken = new Set(mapping.flatMap((target) => (target.field === 'custom' ? [target.key] : [])));
  return newCustomKey(column.header, taken);
};

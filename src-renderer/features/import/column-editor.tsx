import { CircleCheck, CircleHelp, TriangleAlert, type LucideIcon } from 'lucide-react';
import { useState } from 'react';
import type { ColumnTarget, Mapping, SuggestedColumn } from '@shared/contract/imports';
import { mappingProblems, newCustomKey } from '@shared/domain/column-mapping';
import { surenessOf, type Sureness } from '@shared/domain/sureness';
import { Badge, cx, Select, SuggestField, type Tone, Later } from '@renderer/ui';
import { problemOfColumn, problemOfName } from './mapping-check';
import { useImportText } from './texts';

/** A column of a file that is open, or only its header where it was mapped before. */
export interface EditedColumn {
  readonly header: string;
  readonly suggestion?: SuggestedColumn;
}

interface ColumnEditorProps {
  readonly label: string;
  readonly columns: readonly EditedColumn[];
  readonly mapping: Mapping;
  readonly onChange: (mapping: Mapping) => void;
  /** Names of own fields in use. */
  readonly ownFields: readonly string[];
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

/** What each column goes into, with the suggestion and how sure it is where there is one. */
export function ColumnEditor({ label, columns, mapping, onChange, ownFields }: ColumnEditorProps) {
  const t = useImportText();
  const problems = mappingProblems(mapping);
  const isSuggested = columns.some(({ suggestion }) => suggestion !== undefined);
  const set = (index: number, target: ColumnTarget): void =>
    onChange(mapping.map((each, position) => (position === index ? target : each)));
  return (
    <div className="overflow-x-auto" tabIndex={0} role="region" aria-label={label}>
      <table className="w-full text-sm">
        <thead className="text-left text-xs text-ink-3">
          <tr className="border-b border-line">
            <th className="px-4 py-2 font-medium">{t('column')}</th>
            {isSuggested && <th className="px-4 py-2 font-medium">{t('examples')}</th>}
            <th className="w-64 px-4 py-2 font-medium">{t('goesInto')}</th>
            {isSuggested && <th className="px-4 py-2 font-medium">{t('why')}</th>}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {columns.map((column, index) => (
            // A list to choose from is dear to draw, and a sheet may have a thousand columns.
            <Later key={index} after={Math.floor(index / ROWS_A_FRAME)} fallback={<RowPlace />}>
              <ColumnRow
                column={column}
                target={mapping[index] ?? { field: 'ignore' }}
                ownKey={ownKeyOf(column, mapping)}
                ownFields={ownFields}
                problem={problemOfColumn(problems, index)}
                checkName={(name) => problemOfName(mapping, index, name)}
                onChange={(target) => set(index, target)}
              />
            </Later>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const ROWS_A_FRAME = 3;

function RowPlace() {
  return (
    <tr>
      <td className="h-9 px-4" />
    </tr>
  );
}

interface ColumnRowProps {
  readonly column: EditedColumn;
  readonly target: ColumnTarget;
  readonly ownKey: string;
  readonly ownFields: readonly string[];
  readonly problem: string | undefined;
  readonly checkName: (name: string) => string | undefined;
  readonly onChange: (target: ColumnTarget) => void;
}

function ColumnRow({ column, target, ownKey, ownFields, problem, checkName, onChange }: ColumnRowProps) {
  const t = useImportText();
  const { header, suggestion } = column;
  const sureness = suggestion === undefined ? undefined : surenessNow(suggestion, target);
  const options = [
    ...FIELDS.map((field) => ({ value: field, label: t(`field.${field}`) })),
    { value: 'custom', label: t('field.custom') },
  ];
  const choose = (value: string): void => {
    const field = FIELDS.find((each) => each === value);
    onChange(field === undefined ? { field: 'custom', key: ownKey } : { field });
  };
  return (
    <tr className={cx(sureness === 'guess' && 'bg-warning-soft')}>
      <th scope="row" className="min-w-36 px-4 py-1.5 text-left align-top font-medium">
        <bdi>{header}</bdi>
      </th>
      {suggestion !== undefined && (
        <td className="max-w-72 truncate px-4 py-1.5 align-top text-xs text-ink-2">
          <bdi>{suggestion.samples.slice(0, 3).join(' · ')}</bdi>
        </td>
      )}
      <td className="px-4 py-1.5 align-top">
        <div className="flex flex-col gap-1.5">
          <Select
            size="sm"
            label={`${t('goesInto')}: ${header}`}
            labelHidden
            error={target.field === 'custom' ? undefined : problem}
            value={target.field}
            onValueChange={choose}
            options={options}
          />
          {target.field === 'custom' && (
            <OwnFieldName
              key={target.key}
              header={header}
              name={target.key}
              ownFields={ownFields}
              check={checkName}
              onChange={(key) => onChange({ field: 'custom', key })}
            />
          )}
        </div>
      </td>
      {suggestion !== undefined && (
        <td className="px-4 py-1.5 align-top text-xs text-ink-2">
          <HowSure column={suggestion} sureness={sureness} />
        </td>
      )}
    </tr>
  );
}

interface OwnFieldNameProps {
  readonly header: string;
  readonly name: string;
  readonly ownFields: readonly string[];
  readonly check: (name: string) => string | undefined;
  readonly onChange: (name: string) => void;
}

/** Checked at each letter, taken over when the field is left: the whole sheet is judged anew for each name. */
function OwnFieldName({ header, name, ownFields, check, onChange }: OwnFieldNameProps) {
  const t = useImportText();
  const [text, setText] = useState(name);
  return (
    <SuggestField
      label={t('ownName', { header })}
      labelHidden
      placeholder={t('ownPlaceholder')}
      suggestions={ownFields}
      value={text}
      error={check(text)}
      onValueChange={setText}
      onBlur={() => {
        if (text.trim() !== name) onChange(text.trim());
      }}
    />
  );
}

const MARKS: Readonly<Record<Sureness, { tone: Tone; icon: LucideIcon }>> = {
  sure: { tone: 'success', icon: CircleCheck },
  likely: { tone: 'info', icon: CircleHelp },
  guess: { tone: 'warning', icon: TriangleAlert },
};

/** How sure the suggestion is, in words and as a number, and why; or that somebody chose something else. */
function HowSure({
  column,
  sureness,
}: {
  readonly column: SuggestedColumn;
  readonly sureness: Sureness | undefined;
}) {
  const t = useImportText();
  if (sureness === undefined) return <Badge>{t('sureness.chosen')}</Badge>;
  return (
    <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
      <Badge tone={MARKS[sureness].tone} icon={MARKS[sureness].icon}>
        {t(`sureness.${sureness}`)}
        <span className="tabular"> · {Math.round(column.confidence * 100)} %</span>
      </Badge>
      <span className="min-w-0">{column.reason}</span>
    </div>
  );
}

/** Nothing where the target is not the suggested one any more, or has another name: then nobody guesses. */
export const surenessNow = (column: SuggestedColumn, target: ColumnTarget): Sureness | undefined =>
  nameOf(column.target) === nameOf(target) ? surenessOf(column.confidence) : undefined;

const nameOf = (target: ColumnTarget): string =>
  target.field === 'custom' ? `custom ${target.key}` : target.field;

/** The suggested key of an own field, or one made of the header that no other column uses. */
const ownKeyOf = ({ header, suggestion }: EditedColumn, mapping: Mapping): string => {
  if (suggestion?.target.field === 'custom') return suggestion.target.key;
  const taken = new Set(mapping.flatMap((target) => (target.field === 'custom' ? [target.key] : [])));
  return newCustomKey(header, taken);
};

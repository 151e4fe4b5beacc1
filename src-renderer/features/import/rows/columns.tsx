import { type ReactNode, useState } from 'react';
import type { Mapping, RowFate, RowSoFar, RowTwin } from '@shared/contract/imports';
import { Badge, type Tone } from '@renderer/ui';
import type { Column } from '@renderer/ui/table';
import { Cell, CellEditor, type Next } from './cell';
import type { useRowsText } from './texts';

export interface Place {
  readonly row: number;
  readonly column: number;
}

export interface ColumnsOfSheet {
  readonly headers: readonly string[];
  readonly mapping: Mapping;
  readonly editing: Place | undefined;
  /** What was kept in the row that is being corrected and is not in the list yet, by column. */
  readonly kept: ReadonlyMap<number, string>;
  /** Each row stands above its twin. */
  readonly isPaired: boolean;
  readonly t: ReturnType<typeof useRowsText>;
  readonly onEdit: (place: Place) => void;
  readonly onType: (place: Place, text: string) => void;
  readonly onKeep: (place: Place, before: string, text: string, next: Next) => void;
  readonly onGiveUp: () => void;
  readonly onTake: (row: RowSoFar, take: boolean, onFailed: () => void) => void;
}

export const fateTones: Readonly<Record<RowFate, Tone>> = {
  create: 'success',
  update: 'info',
  skip: 'warning',
  reject: 'danger',
  exclude: 'neutral',
};

/** What is said of a row, and then the sheet's own columns. */
export function rowColumns(given: ColumnsOfSheet): Column<RowSoFar>[] {
  const { headers, isPaired, t, onTake } = given;
  return [
    {
      id: 'take',
      header: t('import'),
      width: 66,
      cell: (row) => <TakeBox name={t('importRow', { row: row.row })} row={row} onTake={onTake} />,
    },
    { id: 'row', header: t('row'), width: 72, align: 'end', cell: ({ row }) => row },
    {
      id: 'fate',
      header: t('outcome'),
      width: 104,
      cell: (row) => <Fate row={row} t={t} />,
    },
    {
      id: 'why',
      header: t('why'),
      width: 260,
      cell: (row) => (
        <Paired by={isPaired} below={row.twin === null ? null : twinName(row.twin, t)}>
          <span className="text-xs text-ink-2" title={wordsOf(row, t)}>
            {wordsOf(row, t)}
          </span>
        </Paired>
      ),
    },
    ...headers.map((header, column) => sheetColumn(header, column, given)),
  ];
}

/** Quiet where it is not certain yet. */
function Fate({ row: { fate, outcome }, t }: { readonly row: RowSoFar; readonly t: ColumnsOfSheet['t'] }) {
  if (fate !== null) return <Badge tone={fateTones[fate]}>{t(`fate.${fate}`)}</Badge>;
  return <span className="text-xs text-ink-3">{t(outcome === null ? 'soFar.unchecked' : 'soFar.fine')}</span>;
}

interface TakeBoxProps {
  readonly name: string;
  readonly row: RowSoFar;
  readonly onTake: ColumnsOfSheet['onTake'];
}

/** Shows what was wished at once; the list follows. */
function TakeBox({ name, row, onTake }: TakeBoxProps) {
  const [wish, setWish] = useState<{ readonly row: RowSoFar; readonly take: boolean }>();
  return (
    <input
      type="checkbox"
      tabIndex={-1}
      aria-label={name}
      className="size-3.5 align-middle accent-accent"
      checked={wish?.row === row ? wish.take : row.fate !== 'exclude'}
      onChange={({ target }) => {
        setWish({ row, take: target.checked });
        onTake(row, target.checked, () => setWish(undefined));
      }}
    />
  );
}

function wordsOf({ fate, twin, reasons, notes }: RowSoFar, t: ColumnsOfSheet['t']): string {
  // The row itself is good: that it is passed over has no reason in it.
  const passedOver = fate === 'skip' && twin?.kind === 'contact' && reasons.length === 0;
  return [...(passedOver ? [t('exists')] : []), ...reasons.map(({ message }) => message), ...notes].join(
    ' · ',
  );
}

const twinName = (twin: RowTwin, t: ColumnsOfSheet['t']): string =>
  twin.kind === 'row' ? t('twinRow', { row: twin.row }) : t('twinContact');

function sheetColumn(header: string, column: number, given: ColumnsOfSheet): Column<RowSoFar> {
  const { editing, kept, isPaired, mapping, t } = given;
  const nameOf = cellNames(header, t);
  return {
    id: `cell-${column}`,
    header,
    width: 150,
    cell: (row) => {
      const place = { row: row.row, column };
      const isEditedRow = editing?.row === row.row;
      const text = (isEditedRow ? kept.get(column) : undefined) ?? row.cells[column] ?? '';
      const isEdited = isEditedRow && editing.column === column;
      return (
        <Paired by={isPaired} below={<span className="px-1.5">{twinText(row, mapping[column])}</span>}>
          {isEdited ? (
            <CellEditor
              name={t('editing', { column: header, row: row.row })}
              text={text}
              onType={(typed) => given.onType(place, typed)}
              onKeep={(typed, next) => given.onKeep(place, text, typed, next)}
              onGiveUp={given.onGiveUp}
            />
          ) : (
            <Cell
              name={nameOf(row.row, text)}
              text={text}
              wrong={row.reasons.some((reason) => reason.column === header) && row.outcome === 'invalid'}
              corrected={row.corrected.includes(column)}
              onEdit={() => given.onEdit(place)}
            />
          )}
        </Paired>
      );
    },
  };
}

const ROW_PLACE = '\u0001';
const TEXT_PLACE = '\u0002';

/** The names of a column's cells. They are worded once: each leap draws a hundred cells. */
function cellNames(header: string, t: ColumnsOfSheet['t']): (row: number, text: string) => string {
  const pattern = t('editCell', { column: header, row: ROW_PLACE, text: TEXT_PLACE });
  const blank = t('blank');
  return (row, text) =>
    pattern.replace(ROW_PLACE, () => String(row)).replace(TEXT_PLACE, () => (text === '' ? blank : text));
}

interface PairedProps {
  readonly by: boolean;
  /** What the other row or the contact has in this place. */
  readonly below: ReactNode;
  readonly children: ReactNode;
}

function Paired({ by, below, children }: PairedProps) {
  if (!by) return children;
  return (
    <div className="flex flex-col">
      <div className="flex h-6 min-w-0 items-center *:min-w-0 *:flex-1 *:truncate">{children}</div>
      <div className="h-5 truncate text-xs text-ink-3">{below}</div>
    </div>
  );
}

function twinText({ twin, phone }: RowSoFar, target: Mapping[number] | undefined): string {
  if (twin === null || target === undefined) return '';
  switch (target.field) {
    case 'phone':
      return phone ?? '';
    case 'name':
      return twin.name ?? '';
    case 'email':
      return twin.email ?? '';
    case 'tags':
      return twin.tags.join(', ');
    case 'firstName':
      return twin.customFields['first_name'] ?? '';
    case 'lastName':
      return twin.customFields['last_name'] ?? '';
    case 'custom':
      return twin.customFields[target.key] ?? '';
    case 'country':
    case 'optOut':
    case 'ignore':
      return '';
  }
}

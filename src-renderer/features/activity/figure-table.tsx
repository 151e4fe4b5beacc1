import type { ReactNode } from 'react';
import { Card } from '@renderer/ui';

export interface FigureColumn<T> {
  readonly id: string;
  readonly header: string;
  readonly cell: (row: T) => ReactNode;
  readonly align?: 'start' | 'end';
}

interface FigureTableProps<T> {
  readonly title: string;
  readonly hint?: string | undefined;
  readonly actions?: ReactNode;
  readonly columns: readonly FigureColumn<T>[];
  readonly rows: readonly T[];
  readonly rowKey: (row: T) => string;
  /** Said where there are no rows. */
  readonly none?: string | undefined;
}

/** A short table of figures in a card. */
export function FigureTable<T>({ title, hint, actions, columns, rows, rowKey, none }: FigureTableProps<T>) {
  const sides = (column: FigureColumn<T>): string =>
    column.align === 'start' ? 'text-left' : 'text-right whitespace-nowrap';
  return (
    <Card title={title} hint={hint} actions={actions} padding="none">
      {rows.length === 0 ? (
        <p className="px-4 py-6 text-center text-sm text-ink-3">{none}</p>
      ) : (
        <div className="overflow-x-auto" tabIndex={0} role="region" aria-label={title}>
          <table className="w-full text-sm" aria-label={title}>
            <thead className="text-xs text-ink-3">
              <tr className="border-b border-line">
                {columns.map((column) => (
                  <th
                    key={column.id}
                    scope="col"
                    className={`px-3 py-2 font-medium first:pl-4 last:pr-4 ${sides(column)}`}
                  >
                    {column.header}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody className="tabular divide-y divide-line">
              {rows.map((row) => (
                <tr key={rowKey(row)} className="hover:bg-hover">
                  {columns.map((column) => (
                    <td
                      key={column.id}
                      className={`max-w-80 truncate px-3 py-2 first:pl-4 last:pr-4 ${sides(column)}`}
                    >
                      {column.cell(row)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
}

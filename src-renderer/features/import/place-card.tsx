import { memo, type RefObject, useEffect, useRef } from 'react';
import type { ImportDraft } from '@shared/contract/imports';
import { Card, NumberField, Select } from '@renderer/ui';
import { useInspect } from './queries';
import { useImportText } from './texts';

/** The field that another look at the file was asked for in: the form that comes of it is a new one. */
export type PlaceField = 'sheet' | 'header' | null;

export interface PlaceCardProps {
  readonly draft: ImportDraft;
  /** The field that goes on having the focus. */
  readonly resumedRef: RefObject<PlaceField>;
}

/** What the file is, which sheet, which header row, and the first rows as they stand there. */
export const PlaceCard = memo(function PlaceCard({ draft, resumedRef }: PlaceCardProps) {
  const t = useImportText();
  const inspect = useInspect(draft.id);
  const sheetField = useRef<HTMLDivElement>(null);
  const headerField = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const field = resumedRef.current === 'sheet' ? sheetField : headerField;
    const isLost = resumedRef.current !== null && document.activeElement === document.body;
    if (isLost) field.current?.querySelector<HTMLElement>('[role=combobox], input')?.focus();
    resumedRef.current = null;
  }, [resumedRef]);
  const lookAt = (field: PlaceField, place: Parameters<typeof inspect.mutate>[0]): void => {
    resumedRef.current = field;
    inspect.mutate(place);
  };
  return (
    <Card padding="none">
      <div className="flex items-end gap-4 px-4 py-3">
        <div ref={sheetField} className="w-60">
          <Select
            label={t('sheet')}
            value={draft.sheet}
            onValueChange={(sheet) => lookAt('sheet', { sheet })}
            options={draft.sheets.map(({ name }) => ({ value: name, label: name }))}
          />
        </div>
        <div
          ref={headerField}
          className="w-36"
          onKeyDown={({ key, target }) => {
            // Who types a number and presses Enter is done with it.
            if (key === 'Enter' && target instanceof HTMLElement) target.blur();
          }}
        >
          <NumberField
            label={t('header')}
            min={0}
            max={1_000}
            value={draft.headerRow}
            onValueCommitted={(headerRow) => {
              if (headerRow !== null && headerRow !== draft.headerRow)
                lookAt('header', { sheet: draft.sheet, headerRow });
            }}
          />
        </div>
        <p className="pb-1.5 text-xs text-ink-2">{t('readAs', { format: draft.format })}</p>
      </div>
      <div
        className="overflow-x-auto border-t border-line"
        tabIndex={0}
        role="region"
        aria-label={draft.sheet}
      >
        <table className="text-xs">
          <tbody>
            {draft.head.slice(0, 6).map(({ row, cells }) => (
              <tr key={row} className={row === draft.headerRow ? 'bg-accent-soft font-medium' : ''}>
                <th scope="row" className="tabular px-3 py-1 text-right font-normal text-ink-3">
                  {row}
                </th>
                {cells.map((cell, index) => (
                  <td
                    key={index}
                    title={cell}
                    className="max-w-48 truncate border-l border-line px-3 py-1 whitespace-nowrap"
                  >
                    {cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
});

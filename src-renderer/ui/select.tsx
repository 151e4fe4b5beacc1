import { Select as BaseSelect } from '@base-ui/react/select';
import { Check, ChevronsUpDown } from 'lucide-react';
import type { ReactNode } from 'react';
import { cx } from './cx';
import { FieldFrame, type FieldProps } from './field';

export interface Option<V extends string> {
  readonly value: V;
  readonly label: string;
  /** Before the label: an icon, a colour mark. */
  readonly mark?: ReactNode;
  /** Second line in the list. */
  readonly hint?: string;
  readonly disabled?: boolean;
}

export interface SelectProps<V extends string> extends FieldProps {
  options: readonly Option<V>[];
  value: V | null;
  onValueChange: (value: V) => void;
  placeholder?: string | undefined;
  size?: 'sm' | 'md' | undefined;
  name?: string | undefined;
}

export const listItemClass =
  'grid cursor-default grid-cols-[1fr_auto] items-center gap-3 rounded-sm px-2 py-1.5 text-sm outline-none select-none ' +
  'data-highlighted:bg-pressed data-disabled:text-ink-disabled';

/** One of a short, known list. For a long or searchable one use Combobox. */
export function Select<V extends string>({
  options,
  value,
  onValueChange,
  placeholder,
  size = 'md',
  name,
  ...field
}: SelectProps<V>) {
  const current = options.find((option) => option.value === value);
  return (
    <FieldFrame {...field}>
      <BaseSelect.Root<V>
        items={options}
        value={value}
        onValueChange={(next) => {
          if (next !== null) onValueChange(next);
        }}
        name={name}
      >
        <BaseSelect.Trigger
          className={cx(
            'control flex w-full min-w-0 items-center justify-between gap-2 text-left data-popup-open:border-ink-3',
            size === 'sm' ? 'h-6 px-2 text-xs' : 'h-7.5 px-2.5 text-sm',
          )}
        >
          <span className="flex min-w-0 items-center gap-2">
            {current?.mark}
            <BaseSelect.Value placeholder={placeholder} className="truncate data-placeholder:text-ink-3" />
          </span>
          <BaseSelect.Icon className="text-ink-3">
            <ChevronsUpDown size={13} aria-hidden />
          </BaseSelect.Icon>
        </BaseSelect.Trigger>
        <BaseSelect.Portal>
          <BaseSelect.Positioner sideOffset={4} alignItemWithTrigger={false} className="z-50 outline-none">
            <BaseSelect.Popup className="floating min-w-[max(var(--anchor-width),9rem)] outline-none">
              <BaseSelect.List className="max-h-[min(22rem,var(--available-height))] overflow-y-auto p-1">
                {options.map((option) => (
                  <BaseSelect.Item
                    key={option.value}
                    value={option.value}
                    disabled={option.disabled}
                    className={listItemClass}
                  >
                    <span className="flex min-w-0 items-center gap-2">
                      {option.mark}
                      <span className="min-w-0">
                        <BaseSelect.ItemText className="block truncate">{option.label}</BaseSelect.ItemText>
                        {option.hint !== undefined && (
                          <span className="block text-xs text-ink-3">{option.hint}</span>
                        )}
                      </span>
                    </span>
                    <BaseSelect.ItemIndicator>
                      <Check size={14} className="text-accent-text" aria-hidden />
                    </BaseSelect.ItemIndicator>
                  </BaseSelect.Item>
                ))}
              </BaseSelect.List>
            </BaseSelect.Popup>
          </BaseSelect.Positioner>
        </BaseSelect.Portal>
      </BaseSelect.Root>
    </FieldFrame>
  );
}

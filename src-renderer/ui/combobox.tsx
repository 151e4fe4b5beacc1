import { Combobox as BaseCombobox } from '@base-ui/react/combobox';
import { Check, ChevronsUpDown, X } from 'lucide-react';
import { cx } from './cx';
import { FieldFrame, type FieldProps } from './field';
import { listItemClass, type Option } from './select';
import { useUiText } from './texts';

interface SharedProps<V extends string> extends FieldProps {
  options: readonly Option<V>[];
  placeholder?: string | undefined;
  /** The text typed so far: for options that come from a search. */
  onInputValueChange?: ((text: string) => void) | undefined;
  /** Set where the options are already the answer to the typed text. */
  filteredElsewhere?: boolean | undefined;
}

export interface ComboboxProps<V extends string> extends SharedProps<V> {
  value: V | null;
  onValueChange: (value: V | null) => void;
}

export interface MultiComboboxProps<V extends string> extends SharedProps<V> {
  value: readonly V[];
  onValueChange: (value: V[]) => void;
}

function OptionList() {
  const t = useUiText();
  return (
    <BaseCombobox.Portal>
      <BaseCombobox.Positioner sideOffset={4} className="z-50 outline-none">
        <BaseCombobox.Popup className="floating w-[max(var(--anchor-width),12rem)] max-w-[var(--available-width)]">
          <BaseCombobox.Empty>
            <div className="px-3 py-4 text-center text-sm text-ink-3">{t('noMatch')}</div>
          </BaseCombobox.Empty>
          <BaseCombobox.List className="max-h-[min(20rem,var(--available-height))] overflow-y-auto p-1 outline-none data-empty:p-0">
            {(option: Option<string>) => (
              <BaseCombobox.Item
                key={option.value}
                value={option}
                disabled={option.disabled}
                className={listItemClass}
              >
                <span className="flex min-w-0 items-center gap-2">
                  {option.mark}
                  <span className="min-w-0">
                    <span className="block truncate">{option.label}</span>
                    {option.hint !== undefined && (
                      <span className="block truncate text-xs text-ink-3">{option.hint}</span>
                    )}
                  </span>
                </span>
                <BaseCombobox.ItemIndicator>
                  <Check size={14} className="text-accent-text" aria-hidden />
                </BaseCombobox.ItemIndicator>
              </BaseCombobox.Item>
            )}
          </BaseCombobox.List>
        </BaseCombobox.Popup>
      </BaseCombobox.Positioner>
    </BaseCombobox.Portal>
  );
}

const groupClass =
  'control flex min-h-7.5 items-center gap-1 pr-1 pl-2.5 has-[input:focus-visible]:outline-2 has-[input:focus-visible]:outline-offset-1 has-[input:focus-visible]:outline-focus';
const inputClass = 'h-6.5 min-w-16 flex-1 bg-transparent text-sm outline-none';
const sideButton =
  'flex size-6 items-center justify-center rounded-xs text-ink-3 hover:bg-hover hover:text-ink';

function SideButtons() {
  const t = useUiText();
  return (
    <>
      <BaseCombobox.Clear className={sideButton} aria-label={t('clear')}>
        <X size={13} aria-hidden />
      </BaseCombobox.Clear>
      <BaseCombobox.Trigger className={sideButton} aria-label={t('open')}>
        <ChevronsUpDown size={13} aria-hidden />
      </BaseCombobox.Trigger>
    </>
  );
}

const sameOption = <V extends string>(a: Option<V>, b: Option<V>): boolean => a.value === b.value;

/** One of many, found by typing. */
export function Combobox<V extends string>({
  options,
  value,
  onValueChange,
  placeholder,
  onInputValueChange,
  filteredElsewhere = false,
  ...field
}: ComboboxProps<V>) {
  return (
    <FieldFrame {...field}>
      <BaseCombobox.Root<Option<V>>
        items={options}
        value={options.find((option) => option.value === value) ?? null}
        onValueChange={(option) => onValueChange(option?.value ?? null)}
        isItemEqualToValue={sameOption}
        onInputValueChange={onInputValueChange}
        filter={filteredElsewhere ? null : undefined}
        autoHighlight
      >
        <BaseCombobox.InputGroup className={groupClass}>
          <BaseCombobox.Input placeholder={placeholder} className={inputClass} />
          <SideButtons />
        </BaseCombobox.InputGroup>
        <OptionList />
      </BaseCombobox.Root>
    </FieldFrame>
  );
}

/** Several of many; what is chosen stands in the box as chips. */
export function MultiCombobox<V extends string>({
  options,
  value,
  onValueChange,
  placeholder,
  onInputValueChange,
  filteredElsewhere = false,
  ...field
}: MultiComboboxProps<V>) {
  const t = useUiText();
  const chosen = value.flatMap(
    (each) => options.find((option) => option.value === each) ?? { value: each, label: each },
  );
  return (
    <FieldFrame {...field}>
      <BaseCombobox.Root<Option<V>, true>
        multiple
        items={options}
        value={chosen}
        onValueChange={(next) => onValueChange(next.map((option) => option.value))}
        isItemEqualToValue={sameOption}
        onInputValueChange={onInputValueChange}
        filter={filteredElsewhere ? null : undefined}
        autoHighlight
      >
        <BaseCombobox.InputGroup className={cx(groupClass, 'flex-wrap')}>
          <BaseCombobox.Chips className="flex min-w-0 flex-1 flex-wrap items-center gap-1">
            {chosen.map((option) => (
              <BaseCombobox.Chip
                key={option.value}
                className="flex h-5 items-center gap-1 rounded-sm border border-line bg-sunken pl-1.5 text-xs outline-none data-highlighted:border-accent"
              >
                {option.label}
                <BaseCombobox.ChipRemove
                  aria-label={`${t('clear')}: ${option.label}`}
                  className="flex h-full items-center px-1 text-ink-3 hover:text-ink"
                >
                  <X size={11} aria-hidden />
                </BaseCombobox.ChipRemove>
              </BaseCombobox.Chip>
            ))}
            <BaseCombobox.Input
              placeholder={chosen.length === 0 ? placeholder : undefined}
              className={inputClass}
            />
          </BaseCombobox.Chips>
          <SideButtons />
        </BaseCombobox.InputGroup>
        <OptionList />
      </BaseCombobox.Root>
    </FieldFrame>
  );
}

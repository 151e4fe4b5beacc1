import { Checkbox as BaseCheckbox } from '@base-ui/react/checkbox';
import { Field } from '@base-ui/react/field';
import { Fieldset } from '@base-ui/react/fieldset';
import { Radio } from '@base-ui/react/radio';
import { RadioGroup as BaseRadioGroup } from '@base-ui/react/radio-group';
import { Switch as BaseSwitch } from '@base-ui/react/switch';
import { Check, Minus } from 'lucide-react';
import type { ReactNode } from 'react';
import { cx } from './cx';

interface ChoiceProps {
  label: ReactNode;
  hint?: ReactNode;
  checked: boolean;
  onCheckedChange: (checked: boolean) => void;
  disabled?: boolean | undefined;
  name?: string | undefined;
}

export const checkboxClass =
  'flex size-4 shrink-0 items-center justify-center rounded-xs border border-line-control bg-surface text-on-accent ' +
  'data-checked:border-accent data-checked:bg-accent data-indeterminate:border-accent data-indeterminate:bg-accent ' +
  'data-disabled:border-line data-disabled:bg-sunken data-disabled:text-ink-disabled';

function Words({ label, hint }: { label: ReactNode; hint: ReactNode }) {
  return (
    <span className="min-w-0">
      <span className="block text-sm">{label}</span>
      {hint === undefined ? null : (
        <Field.Description className="text-xs text-ink-3">{hint}</Field.Description>
      )}
    </span>
  );
}

/** Beside the label, not in it: what describes a control must not be a part of its name. */
function Hint({ hint, indent }: { hint: ReactNode; indent: string }) {
  if (hint === undefined) return null;
  return <Field.Description className={cx('text-xs text-ink-3', indent)}>{hint}</Field.Description>;
}

const rowClass = 'flex items-start gap-2.5 data-disabled:text-ink-disabled';

/** One yes or no among others; takes effect with the form. */
export function Checkbox({
  label,
  hint,
  indeterminate = false,
  ...rest
}: ChoiceProps & { indeterminate?: boolean | undefined }) {
  return (
    <Field.Root disabled={rest.disabled}>
      <Field.Label className={rowClass}>
        <BaseCheckbox.Root {...rest} indeterminate={indeterminate} className={cx(checkboxClass, 'mt-0.5')}>
          <BaseCheckbox.Indicator>
            {indeterminate ? (
              <Minus size={12} strokeWidth={3} aria-hidden />
            ) : (
              <Check size={12} strokeWidth={3} aria-hidden />
            )}
          </BaseCheckbox.Indicator>
        </BaseCheckbox.Root>
        <span className="min-w-0 text-sm">{label}</span>
      </Field.Label>
      <Hint hint={hint} indent="pl-6.5" />
    </Field.Root>
  );
}

/** On or off, with effect at once. */
export function Switch({
  label,
  hint,
  labelHidden = false,
  ...rest
}: ChoiceProps & { labelHidden?: boolean | undefined }) {
  return (
    <Field.Root disabled={rest.disabled}>
      <Field.Label className={rowClass}>
        <BaseSwitch.Root
          {...rest}
          className={cx(
            'mt-0.5 flex h-4.5 w-8 shrink-0 items-center rounded-full border border-line-control bg-sunken p-px transition-colors',
            'data-checked:border-accent data-checked:bg-accent data-disabled:border-line data-disabled:bg-sunken',
          )}
        >
          <BaseSwitch.Thumb className="size-3.5 rounded-full bg-neutral transition-[translate] data-checked:translate-x-3.5 data-checked:bg-on-accent data-disabled:bg-ink-disabled" />
        </BaseSwitch.Root>
        <span className={labelHidden ? 'sr-only' : 'min-w-0 text-sm'}>{label}</span>
      </Field.Label>
      {!labelHidden && <Hint hint={hint} indent="pl-10.5" />}
    </Field.Root>
  );
}

export interface RadioOption<V extends string> {
  readonly value: V;
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  readonly disabled?: boolean;
}

interface RadioGroupProps<V extends string> {
  label: string;
  options: readonly RadioOption<V>[];
  value: V;
  onValueChange: (value: V) => void;
  /** `cards` frames each option: for choices that deserve a sentence. */
  look?: 'plain' | 'cards' | undefined;
  orientation?: 'vertical' | 'horizontal' | undefined;
  disabled?: boolean | undefined;
}

/** One of a few, all in sight. */
export function RadioGroup<V extends string>({
  label,
  options,
  value,
  onValueChange,
  look = 'plain',
  orientation = 'vertical',
  disabled = false,
}: RadioGroupProps<V>) {
  return (
    <Field.Root disabled={disabled}>
      <Fieldset.Root
        render={<BaseRadioGroup<V> value={value} onValueChange={(next) => onValueChange(next)} />}
        className={cx('flex gap-2', orientation === 'vertical' ? 'flex-col' : 'flex-wrap gap-x-5')}
      >
        <Fieldset.Legend className="w-full text-xs font-medium text-ink-2">{label}</Fieldset.Legend>
        {options.map((option) => (
          <Field.Item
            key={option.value}
            disabled={option.disabled}
            className={cx(look === 'cards' && 'w-full')}
          >
            <Field.Label
              className={cx(
                rowClass,
                look === 'cards' &&
                  'rounded-md border border-line bg-surface px-3 py-2 hover:bg-hover has-data-checked:border-accent has-data-checked:bg-accent-soft',
              )}
            >
              <Radio.Root
                value={option.value}
                className="mt-0.5 flex size-4 shrink-0 items-center justify-center rounded-full border border-line-control bg-surface data-checked:border-accent data-checked:bg-accent data-disabled:border-line data-disabled:bg-sunken"
              >
                <Radio.Indicator className="size-1.5 rounded-full bg-on-accent" />
              </Radio.Root>
              <Words label={option.label} hint={option.hint} />
            </Field.Label>
          </Field.Item>
        ))}
      </Fieldset.Root>
    </Field.Root>
  );
}

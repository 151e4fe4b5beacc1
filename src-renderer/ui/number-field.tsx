import { NumberField as BaseNumberField } from '@base-ui/react/number-field';
import { Minus, Plus } from 'lucide-react';
import { useFormat } from '@renderer/i18n/use-format';
import { FieldFrame, type FieldProps } from './field';
import { useUiText } from './texts';

export interface NumberFieldProps extends FieldProps {
  value?: number | null | undefined;
  defaultValue?: number | undefined;
  onValueChange?: ((value: number | null) => void) | undefined;
  /** After the user is done: blur, a step. */
  onValueCommitted?: ((value: number | null) => void) | undefined;
  min?: number | undefined;
  max?: number | undefined;
  step?: number | undefined;
  name?: string | undefined;
  /** Shown behind the number: `messages/s`. */
  unit?: string | undefined;
  format?: Intl.NumberFormatOptions | undefined;
}

const stepButton =
  'flex h-full w-7 items-center justify-center text-ink-3 hover:bg-hover hover:text-ink data-disabled:text-ink-disabled';

/** A number with bounds, typed or stepped, written in the user's locale. */
export function NumberField({
  label,
  labelHidden,
  hint,
  error,
  optional,
  disabled,
  unit,
  ...rest
}: NumberFieldProps) {
  const t = useUiText();
  const { locale } = useFormat();
  return (
    <FieldFrame {...{ label, labelHidden, hint, error, optional, disabled }}>
      <BaseNumberField.Root {...rest} locale={locale}>
        <BaseNumberField.Group className="control flex h-7.5 items-center overflow-hidden has-focus-visible:outline-2 has-focus-visible:outline-offset-1 has-focus-visible:outline-focus">
          <BaseNumberField.Input className="tabular h-full min-w-0 flex-1 bg-transparent px-2.5 text-right text-sm outline-none" />
          {unit !== undefined && <span className="pr-2 text-xs whitespace-nowrap text-ink-3">{unit}</span>}
          <BaseNumberField.Decrement
            aria-label={t('decrease')}
            className={`${stepButton} border-l border-line`}
          >
            <Minus size={13} aria-hidden />
          </BaseNumberField.Decrement>
          <BaseNumberField.Increment
            aria-label={t('increase')}
            className={`${stepButton} border-l border-line`}
          >
            <Plus size={13} aria-hidden />
          </BaseNumberField.Increment>
        </BaseNumberField.Group>
      </BaseNumberField.Root>
    </FieldFrame>
  );
}

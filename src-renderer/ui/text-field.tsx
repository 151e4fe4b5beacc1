import { Field } from '@base-ui/react/field';
import type { LucideIcon } from 'lucide-react';
import type { ComponentProps, ReactNode } from 'react';
import { cx } from './cx';
import { FieldFrame, type FieldProps } from './field';

type NativeInput = Omit<
  ComponentProps<'input'>,
  keyof FieldProps | 'className' | 'style' | 'size' | 'defaultValue'
>;

export interface TextFieldProps extends FieldProps, NativeInput {
  defaultValue?: string | undefined;
  icon?: LucideIcon | undefined;
  /** Inside the frame on the right: a unit, a clear button. */
  trailing?: ReactNode;
  /** Ids, phone numbers, URLs. */
  mono?: boolean | undefined;
}

/** One line of text. Takes what react-hook-form's `register` returns. */
export function TextField({
  label,
  labelHidden,
  hint,
  error,
  optional,
  disabled,
  icon: Icon,
  trailing,
  mono = false,
  ...input
}: TextFieldProps) {
  return (
    <FieldFrame {...{ label, labelHidden, hint, error, optional, disabled }}>
      <div className="relative flex items-center">
        {Icon && <Icon size={15} className="pointer-events-none absolute left-2.5 text-ink-3" aria-hidden />}
        <Field.Control
          {...input}
          className={cx(
            'control h-7.5 w-full min-w-0 px-2.5 text-sm text-ink',
            Icon && 'pl-8',
            trailing !== undefined && 'pr-9',
            mono && 'font-mono text-xs',
          )}
        />
        {trailing !== undefined && <div className="absolute right-1 flex items-center">{trailing}</div>}
      </div>
    </FieldFrame>
  );
}

type NativeArea = Omit<ComponentProps<'textarea'>, keyof FieldProps | 'className' | 'style' | 'defaultValue'>;

export interface TextAreaProps extends FieldProps, NativeArea {
  defaultValue?: string | undefined;
  mono?: boolean | undefined;
  /** Right under the box: a character count. */
  footer?: ReactNode;
}

/** Several lines of text. */
export function TextArea({
  label,
  labelHidden,
  hint,
  error,
  optional,
  disabled,
  mono = false,
  footer,
  rows = 4,
  ...area
}: TextAreaProps) {
  return (
    <FieldFrame {...{ label, labelHidden, hint, error, optional, disabled }}>
      <Field.Control
        render={
          <textarea
            {...area}
            rows={rows}
            className={cx(
              'control w-full min-w-0 resize-y px-2.5 py-1.5 text-sm text-ink',
              mono && 'font-mono text-xs',
            )}
          />
        }
      />
      {footer !== undefined && <div className="flex justify-end text-xs text-ink-3">{footer}</div>}
    </FieldFrame>
  );
}

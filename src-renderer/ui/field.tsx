import { Field } from '@base-ui/react/field';
import { CircleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useUiText } from './texts';

/** What every form control has in common. */
export interface FieldProps {
  label: string;
  /** Keeps the label for assistive technology only: filters and table tools. */
  labelHidden?: boolean | undefined;
  /** How to fill it in, one line. */
  hint?: ReactNode;
  /** What is wrong and how to mend it; marks the control invalid. */
  error?: string | undefined;
  /** Marks the label "optional"; fields are required unless they say so. */
  optional?: boolean | undefined;
  disabled?: boolean | undefined;
}

/** Label above, hint and error below; wires all of them to the control inside. */
export function FieldFrame({
  label,
  labelHidden = false,
  hint,
  error,
  optional = false,
  disabled = false,
  children,
}: FieldProps & { children: ReactNode }) {
  const t = useUiText();
  return (
    <Field.Root disabled={disabled} invalid={error !== undefined} className="flex min-w-0 flex-col gap-1">
      <Field.Label
        className={labelHidden ? 'sr-only' : 'flex items-baseline gap-1.5 text-xs font-medium text-ink-2'}
      >
        {label}
        {optional && <span className="font-normal text-ink-3">({t('optional')})</span>}
      </Field.Label>
      {children}
      {error === undefined ? null : <FieldError>{error}</FieldError>}
      {hint === undefined || hint === null ? null : (
        <Field.Description className="text-xs text-ink-3">{hint}</Field.Description>
      )}
    </Field.Root>
  );
}

/** The red line under a control. */
export function FieldError({ children }: { children: ReactNode }) {
  return (
    <Field.Error match className="flex items-start gap-1 text-xs text-danger-text">
      <CircleAlert size={13} className="mt-px shrink-0" aria-hidden />
      {children}
    </Field.Error>
  );
}

import { Button as BaseButton } from '@base-ui/react/button';
import { LoaderCircle, type LucideIcon } from 'lucide-react';
import type { ComponentProps, ReactNode } from 'react';
import { cx } from './cx';
import { Tooltip } from './tooltip';

export type ButtonVariant = 'primary' | 'secondary' | 'ghost' | 'danger';
export type ButtonSize = 'sm' | 'md';

interface ButtonOwnProps {
  /** `primary` at most once in a view; `danger` only for what destroys. */
  variant?: ButtonVariant | undefined;
  size?: ButtonSize | undefined;
  icon?: LucideIcon | undefined;
  /** After the label, for menus and "next". */
  trailingIcon?: LucideIcon | undefined;
  /** Shows a spinner, keeps the width and ignores presses. */
  busy?: boolean | undefined;
  children?: ReactNode;
}

export type ButtonProps = ButtonOwnProps &
  Omit<ComponentProps<typeof BaseButton>, 'className' | 'render' | 'style'>;

const base =
  'inline-flex shrink-0 items-center justify-center gap-1.5 rounded-sm font-medium whitespace-nowrap select-none ' +
  'border transition-[background-color,border-color,color] duration-100 ' +
  'disabled:cursor-not-allowed data-disabled:cursor-not-allowed';

const sizes: Readonly<Record<ButtonSize, string>> = {
  sm: 'h-6 px-2 text-xs',
  md: 'h-7.5 px-3 text-sm',
};

const disabledPlain = 'data-disabled:border-line data-disabled:bg-sunken data-disabled:text-ink-disabled';

const variants: Readonly<Record<ButtonVariant, string>> = {
  primary: cx(
    'border-transparent bg-accent text-on-accent not-data-disabled:hover:bg-accent-hover',
    disabledPlain,
  ),
  secondary: cx(
    'border-line bg-surface text-ink shadow-e1 not-data-disabled:hover:bg-hover not-data-disabled:active:bg-pressed',
    'data-popup-open:bg-pressed data-disabled:shadow-none',
    disabledPlain,
  ),
  ghost: cx(
    'border-transparent bg-transparent text-ink-2 not-data-disabled:hover:bg-hover not-data-disabled:hover:text-ink',
    'not-data-disabled:active:bg-pressed data-popup-open:bg-pressed data-disabled:text-ink-disabled',
  ),
  danger: cx(
    'border-transparent bg-danger text-on-danger not-data-disabled:hover:bg-danger-hover',
    disabledPlain,
  ),
};

/** The classes of a button, for links that look like one. */
export function buttonClass(variant: ButtonVariant = 'secondary', size: ButtonSize = 'md'): string {
  return cx(base, sizes[size], variants[variant]);
}

/** A press that does something now. For going somewhere use a link. */
export function Button({
  variant,
  size,
  icon: Icon,
  trailingIcon: TrailingIcon,
  busy = false,
  disabled,
  children,
  ...rest
}: ButtonProps) {
  const glyph = size === 'sm' ? 13 : 15;
  return (
    <BaseButton
      type="button"
      {...rest}
      className={buttonClass(variant, size)}
      disabled={disabled === true || busy}
      focusableWhenDisabled={busy}
      aria-busy={busy || undefined}
    >
      {busy ? (
        <LoaderCircle size={glyph} className="animate-spin" aria-hidden />
      ) : (
        Icon && <Icon size={glyph} aria-hidden />
      )}
      {children}
      {TrailingIcon && <TrailingIcon size={glyph} className="text-ink-3" aria-hidden />}
    </BaseButton>
  );
}

export type IconButtonProps = Omit<ButtonProps, 'children' | 'icon' | 'trailingIcon' | 'aria-label'> & {
  icon: LucideIcon;
  /** Read aloud and shown as the tooltip. */
  label: string;
  /** Keys shown beside the label, as the command registry writes them: `Mod+K`. */
  shortcut?: string | undefined;
};

/** A square button that is only an icon; the label is its name and its tooltip. */
export function IconButton({
  icon: Icon,
  label,
  shortcut,
  variant = 'ghost',
  size = 'md',
  busy = false,
  disabled,
  ...rest
}: IconButtonProps) {
  const glyph = size === 'sm' ? 14 : 16;
  return (
    <Tooltip label={label} shortcut={shortcut}>
      <BaseButton
        type="button"
        {...rest}
        aria-label={label}
        disabled={disabled === true || busy}
        className={cx(base, variants[variant], size === 'sm' ? 'size-6' : 'size-7.5')}
      >
        {busy ? (
          <LoaderCircle size={glyph} className="animate-spin" aria-hidden />
        ) : (
          <Icon size={glyph} aria-hidden />
        )}
      </BaseButton>
    </Tooltip>
  );
}

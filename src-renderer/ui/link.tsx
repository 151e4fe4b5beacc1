import { createLink } from '@tanstack/react-router';
import type { ComponentProps } from 'react';
import { type ButtonSize, type ButtonVariant, buttonClass } from './button';

function Anchor(props: Omit<ComponentProps<'a'>, 'className'>) {
  return (
    <a
      {...props}
      className="rounded-xs font-medium text-accent-text underline decoration-accent-line underline-offset-3 hover:decoration-current"
    />
  );
}

/** Text that leads to a screen; `to` and `search` are checked against the routes. */
export const Link = createLink(Anchor);

interface ButtonAnchorProps extends Omit<ComponentProps<'a'>, 'className'> {
  variant?: ButtonVariant;
  size?: ButtonSize;
}

function ButtonAnchor({ variant, size, ...props }: ButtonAnchorProps) {
  return <a {...props} className={buttonClass(variant, size)} />;
}

/** A link that looks like a button: for going somewhere. */
export const ButtonLink = createLink(ButtonAnchor);

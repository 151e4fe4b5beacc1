import { Popover as BasePopover } from '@base-ui/react/popover';
import type { ReactElement, ReactNode } from 'react';

interface PopoverProps {
  title?: ReactNode;
  /** The button that opens it. */
  trigger: ReactElement;
  align?: 'start' | 'center' | 'end' | undefined;
  side?: 'top' | 'right' | 'bottom' | 'left' | undefined;
  children: ReactNode;
}

/** A small surface beside its button: details, a short form. Escape closes, focus returns. */
export function Popover({ title, trigger, align = 'start', side = 'bottom', children }: PopoverProps) {
  return (
    <BasePopover.Root>
      <BasePopover.Trigger render={trigger} />
      <BasePopover.Portal>
        <BasePopover.Positioner align={align} side={side} sideOffset={6} className="z-50">
          <BasePopover.Popup className="floating max-w-96 min-w-56 p-3 text-sm outline-none">
            {title !== undefined && (
              <BasePopover.Title className="mb-2 font-semibold">{title}</BasePopover.Title>
            )}
            {children}
          </BasePopover.Popup>
        </BasePopover.Positioner>
      </BasePopover.Portal>
    </BasePopover.Root>
  );
}

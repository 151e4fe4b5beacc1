import { Tooltip as BaseTooltip } from '@base-ui/react/tooltip';
import type { ReactElement, ReactNode } from 'react';
import { KeyHint } from './key-hint';

interface TooltipProps {
  label: ReactNode;
  shortcut?: string | undefined;
  side?: 'top' | 'right' | 'bottom' | 'left' | undefined;
  /** One focusable element; it becomes the trigger. */
  children: ReactElement;
}

/** Explains a control on hover and focus. Never the only place of something one must know. */
export function Tooltip({ label, shortcut, side = 'top', children }: TooltipProps) {
  return (
    <BaseTooltip.Root>
      <BaseTooltip.Trigger render={children} />
      <BaseTooltip.Portal>
        <BaseTooltip.Positioner side={side} sideOffset={6} className="z-50">
          <BaseTooltip.Popup className="floating flex max-w-72 items-center gap-2 px-2 py-1 text-xs text-ink">
            {label}
            {shortcut !== undefined && <KeyHint keys={shortcut} />}
          </BaseTooltip.Popup>
        </BaseTooltip.Positioner>
      </BaseTooltip.Portal>
    </BaseTooltip.Root>
  );
}

/** Once around the app: neighbouring tooltips follow without a delay. */
export const TooltipProvider = BaseTooltip.Provider;

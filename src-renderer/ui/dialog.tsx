import { Dialog as BaseDialog } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import { type ReactNode, type RefObject, useRef } from 'react';
import { isWindowsPlatform } from '@renderer/platform/bridge';
import { IconButton } from './button';
import { cx } from './cx';
import { useUiText } from './texts';

export interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  description?: ReactNode;
  /** Buttons, confirming one last; laid out in the platform's order. */
  footer?: ReactNode;
  width?: 'sm' | 'md' | 'lg' | undefined;
  /** What has the focus on opening; the first control unless given. */
  initialFocus?: RefObject<HTMLElement | null> | undefined;
  children?: ReactNode;
}

const widths = { sm: 'max-w-md', md: 'max-w-xl', lg: 'max-w-4xl' } as const;

export const dialogPopupClass =
  'flex max-h-[85vh] w-full flex-col overflow-hidden rounded-xl border border-line bg-raised shadow-e3 outline-none ' +
  'transition-[opacity,scale] duration-150 data-starting-style:scale-97 data-starting-style:opacity-0 ' +
  'data-ending-style:scale-97 data-ending-style:opacity-0';

export const backdropClass =
  'fixed inset-0 z-40 bg-scrim transition-opacity duration-150 data-starting-style:opacity-0 data-ending-style:opacity-0';

export const dialogViewportClass = 'fixed inset-0 z-40 flex items-start justify-center px-6 pt-[12vh]';

/** The first field of the body; without one the dialog itself, never the cross in its corner. */
function firstControl(popup: HTMLElement | null): HTMLElement | null {
  return popup?.querySelector<HTMLElement>('[data-dialog-body] :is(input, textarea, button)') ?? popup;
}

/** Confirming button right, except on Windows, where it comes first. */
export function DialogButtons({ children }: { children: ReactNode }) {
  return (
    <div
      className={cx(
        'flex items-center justify-end gap-2',
        isWindowsPlatform() && 'flex-row-reverse justify-start',
      )}
    >
      {children}
    </div>
  );
}

/** Takes the whole attention for one task. Escape and the cross close it; focus returns where it was. */
export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  footer,
  width = 'md',
  initialFocus,
  children,
}: DialogProps) {
  const t = useUiText();
  const popup = useRef<HTMLDivElement>(null);
  return (
    <BaseDialog.Root open={open} onOpenChange={(next) => onOpenChange(next)}>
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className={backdropClass} />
        <BaseDialog.Viewport className={dialogViewportClass}>
          <BaseDialog.Popup
            ref={popup}
            initialFocus={initialFocus ?? (() => firstControl(popup.current))}
            className={cx(dialogPopupClass, widths[width])}
          >
            <header className="flex items-start gap-3 px-5 pt-4 pb-3">
              <div className="min-w-0 flex-1">
                <BaseDialog.Title className="text-md font-semibold">{title}</BaseDialog.Title>
                {description !== undefined && (
                  <BaseDialog.Description className="mt-0.5 text-sm text-ink-2">
                    {description}
                  </BaseDialog.Description>
                )}
              </div>
              <IconButton icon={X} label={t('close')} size="sm" onClick={() => onOpenChange(false)} />
            </header>
            {children !== undefined && (
              <div data-dialog-body className="min-h-0 flex-1 overflow-y-auto px-5 pb-4">
                {children}
              </div>
            )}
            {footer !== undefined && (
              <footer className="border-t border-line bg-canvas px-5 py-3">
                <DialogButtons>{footer}</DialogButtons>
              </footer>
            )}
          </BaseDialog.Popup>
        </BaseDialog.Viewport>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  );
}

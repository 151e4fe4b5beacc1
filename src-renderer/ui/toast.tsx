import { Toast as BaseToast } from '@base-ui/react/toast';
import { CircleAlert, CircleCheck, Info, TriangleAlert, X, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { cx } from './cx';
import { useUiText } from './texts';
import { toastBottom } from './toast-floor';
import { textTone } from './tone';

type ToastTone = 'info' | 'success' | 'warning' | 'danger';

export interface ToastInput {
  title: string;
  description?: string | undefined;
  tone?: ToastTone | undefined;
  /** One thing to do about it, usually Undo. */
  action?: { readonly label: string; readonly onAction: () => void } | undefined;
  /** Milliseconds; 0 stays until closed. With an action it stays longer unless told. */
  timeout?: number | undefined;
}

const manager = BaseToast.createToastManager();
const SHORT = 5_000;
const WITH_ACTION = 10_000;

/** Tells what happened, from anywhere. Errors stay until they are closed. Returns the id for `closeToast`. */
export function showToast({ title, description, tone = 'info', action, timeout }: ToastInput): string {
  const usual = tone === 'danger' ? 0 : action ? WITH_ACTION : SHORT;
  const id: string = manager.add({
    title,
    description,
    type: tone,
    priority: tone === 'danger' ? 'high' : 'low',
    timeout: timeout ?? usual,
    ...(action && {
      actionProps: {
        children: action.label,
        onClick: () => {
          action.onAction();
          manager.close(id);
        },
      },
    }),
  });
  return id;
}

/** Takes a toast away before its time. */
export function closeToast(id: string): void {
  manager.close(id);
}

const icons: Readonly<Record<ToastTone, LucideIcon>> = {
  info: Info,
  success: CircleCheck,
  warning: TriangleAlert,
  danger: CircleAlert,
};

function toneOf(type: string | undefined): ToastTone {
  return type === 'success' || type === 'warning' || type === 'danger' ? type : 'info';
}

const rootClass =
  'absolute right-0 bottom-0 z-[calc(100-var(--toast-index))] w-full rounded-lg border border-line bg-raised shadow-e3 select-none ' +
  '[--gap:10px] [--peek:8px] [--shrink:calc(1-var(--scale))] [--scale:calc(max(0.9,1-(var(--toast-index)*0.04)))] ' +
  'h-[var(--toast-frontmost-height,var(--toast-height))] data-expanded:h-[var(--toast-height)] origin-bottom ' +
  '[transform:translateX(var(--toast-swipe-movement-x))_translateY(calc(var(--toast-index)*var(--peek)*-1))_scale(var(--scale))] ' +
  'data-expanded:[transform:translateX(var(--toast-swipe-movement-x))_translateY(calc(var(--toast-offset-y)*-1-(var(--toast-index)*var(--gap))))] ' +
  'data-starting-style:[transform:translateY(120%)] data-starting-style:opacity-0 data-ending-style:opacity-0 data-limited:opacity-0 ' +
  'transition-[transform,opacity,height] duration-250 ease-out after:absolute after:top-full after:h-3 after:w-full';

function ToastList() {
  const t = useUiText();
  const { toasts } = BaseToast.useToastManager();
  return toasts.map((toast) => {
    const tone = toneOf(toast.type);
    const Icon = icons[tone];
    return (
      <BaseToast.Root
        key={toast.id}
        toast={toast}
        swipeDirection="right"
        // Base UI hides an urgent one from assistive technology, with the buttons in it.
        aria-hidden={false}
        className={rootClass}
      >
        <BaseToast.Content className="flex items-start gap-2.5 overflow-hidden py-2.5 pr-2 pl-3 transition-opacity data-behind:opacity-0 data-expanded:opacity-100">
          <Icon size={16} className={cx('mt-0.5 shrink-0', textTone[tone])} aria-hidden />
          <div className="min-w-0 flex-1">
            <BaseToast.Title className="text-sm font-medium" />
            <BaseToast.Description className="text-xs text-ink-2" />
          </div>
          <BaseToast.Action className="h-6 shrink-0 rounded-sm px-2 text-xs font-semibold text-accent-text hover:bg-hover" />
          <BaseToast.Close
            // Base UI hides it until the toasts are looked at, though the keyboard reaches it.
            aria-hidden={false}
            aria-label={t('dismiss')}
            className="flex size-6 shrink-0 items-center justify-center rounded-sm text-ink-3 hover:bg-hover hover:text-ink"
          >
            <X size={14} aria-hidden />
          </BaseToast.Close>
        </BaseToast.Content>
      </BaseToast.Root>
    );
  });
}

/** Once around the app: the place where toasts appear. F6 moves the focus there. */
export function ToastProvider({ children }: { children: ReactNode }) {
  const t = useUiText();
  return (
    <BaseToast.Provider toastManager={manager} limit={4}>
      {children}
      <BaseToast.Portal>
        <BaseToast.Viewport
          aria-label={t('notifications')}
          className="fixed right-4 z-50 w-[22rem] transition-[bottom] duration-250 ease-out"
          style={{ bottom: toastBottom }}
        >
          <ToastList />
        </BaseToast.Viewport>
      </BaseToast.Portal>
    </BaseToast.Provider>
  );
}

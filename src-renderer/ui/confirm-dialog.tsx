import { AlertDialog } from '@base-ui/react/alert-dialog';
import { TriangleAlert } from 'lucide-react';
import { type ReactNode, useRef, useState } from 'react';
import { useFormat } from '@renderer/i18n/use-format';
import { Button } from './button';
import { cx } from './cx';
import { backdropClass, DialogButtons, dialogPopupClass, dialogViewportClass } from './dialog';
import { KeyHint } from './key-hint';
import { TextField } from './text-field';
import { useUiText } from './texts';

export interface ConfirmDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  /** What will happen, to what, and what will not. */
  description?: ReactNode;
  /** A verb with its object: "Retry 12 jobs", never "OK". */
  confirmLabel: string;
  /** What leaves everything as it is; “Cancel” unless the action itself is one. */
  dismissLabel?: string | undefined;
  /** Shows its own errors; a rejection leaves the dialog open and goes to the window's error handler. */
  onConfirm: () => void | Promise<void>;
  /** Red button, and Cancel has the focus. */
  danger?: boolean | undefined;
  /** For what cannot be undone: the operator types `name` while the exact `count` stands above. */
  typed?: { readonly name: string; readonly count: number } | undefined;
  children?: ReactNode;
}

/** Asks before an action. The destructive button is never the default one. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { open, onOpenChange } = props;
  return (
    <AlertDialog.Root open={open} onOpenChange={(next) => onOpenChange(next)}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={backdropClass} />
        <AlertDialog.Viewport className={dialogViewportClass}>
          <ConfirmBody {...props} />
        </AlertDialog.Viewport>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}

function ConfirmBody({
  onOpenChange,
  title,
  description,
  confirmLabel,
  dismissLabel,
  onConfirm,
  danger = false,
  typed,
  children,
}: ConfirmDialogProps) {
  const t = useUiText();
  const format = useFormat();
  const dismiss = dismissLabel ?? t('cancel');
  const cancel = useRef<HTMLButtonElement>(null);
  const confirm = useRef<HTMLButtonElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const [busy, setBusy] = useState(false);
  const matches = typed === undefined || text.trim() === typed.name;

  const run = async (): Promise<void> => {
    if (!matches || busy) return;
    setBusy(true);
    try {
      await onConfirm();
      onOpenChange(false);
    } finally {
      setBusy(false);
    }
  };

  const focusFirst = typed !== undefined ? input : danger ? cancel : confirm;
  return (
    <AlertDialog.Popup initialFocus={focusFirst} className={cx(dialogPopupClass, 'max-w-md')}>
      <div className="flex gap-3 px-5 pt-4 pb-4">
        {danger && (
          <span className="flex size-8 shrink-0 items-center justify-center rounded-full bg-danger-soft text-danger-text">
            <TriangleAlert size={16} aria-hidden />
          </span>
        )}
        <div className="min-w-0 flex-1">
          <AlertDialog.Title className="text-md font-semibold">{title}</AlertDialog.Title>
          {description !== undefined && (
            <AlertDialog.Description className="mt-1 text-sm text-ink-2">
              {description}
            </AlertDialog.Description>
          )}
          {children !== undefined && <div className="mt-3">{children}</div>}
          {typed !== undefined && (
            <div className="mt-3 flex flex-col gap-3">
              <p className="rounded-md border border-danger-line bg-danger-soft px-3 py-2 text-sm text-danger-text">
                {t('confirm.exactly', { count: format.number(typed.count) })}
              </p>
              <TextField
                ref={input}
                mono
                label={t('confirm.typeName', { name: typed.name })}
                value={text}
                onChange={(event) => setText(event.target.value)}
                autoComplete="off"
                spellCheck={false}
              />
            </div>
          )}
        </div>
      </div>
      <footer className="flex items-center gap-3 border-t border-line bg-canvas px-5 py-3">
        <span className="flex flex-1 items-center gap-1.5 text-xs text-ink-3">
          <KeyHint keys="Escape" /> {dismiss}
        </span>
        <DialogButtons>
          <Button ref={cancel} onClick={() => onOpenChange(false)}>
            {dismiss}
          </Button>
          <Button
            ref={confirm}
            variant={danger ? 'danger' : 'primary'}
            disabled={!matches}
            busy={busy}
            onClick={() => {
              run().catch(reportError);
            }}
          >
            {confirmLabel}
          </Button>
        </DialogButtons>
      </footer>
    </AlertDialog.Popup>
  );
}

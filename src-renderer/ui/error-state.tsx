import { RotateCw, ServerCrash } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from './button';
import { useUiText } from './texts';

/** What the contract's AppError gives to read; anything of this shape will do. */
export interface ErrorWords {
  readonly code: string;
  readonly message: string;
  readonly action?: string | undefined;
}

export interface ErrorStateProps {
  error: ErrorWords;
  /** What was not lost: "Your 200 queued messages are safe." */
  kept?: ReactNode;
  onRetry?: (() => void) | undefined;
  /** Other ways out, as buttons or links. */
  actions?: ReactNode;
  size?: 'inline' | 'page' | undefined;
}

/** It did not work: what happened, what was not lost, what to do. */
export function ErrorState({ error, kept, onRetry, actions, size = 'inline' }: ErrorStateProps) {
  const t = useUiText();
  const page = size === 'page';
  return (
    <div
      role="alert"
      className={`flex flex-col items-center justify-center gap-3 px-6 text-center ${page ? 'h-full min-h-80 py-16' : 'py-10'}`}
    >
      <span className="flex size-10 items-center justify-center rounded-lg border border-danger-line bg-danger-soft text-danger-text">
        <ServerCrash size={18} aria-hidden />
      </span>
      <div className="max-w-md">
        <p className={page ? 'text-md font-semibold' : 'text-sm font-semibold'}>{error.message}</p>
        {kept !== undefined && <p className="mt-1 text-sm text-balance text-ink-2">{kept}</p>}
        {error.action !== undefined && <p className="mt-1 text-sm text-balance text-ink-2">{error.action}</p>}
      </div>
      {(onRetry !== undefined || actions !== undefined) && (
        <div className="flex items-center gap-2">
          {onRetry && (
            <Button icon={RotateCw} onClick={onRetry}>
              {t('retry')}
            </Button>
          )}
          {actions}
        </div>
      )}
      <p className="font-mono text-2xs text-ink-3">{t('error.code', { code: error.code })}</p>
    </div>
  );
}

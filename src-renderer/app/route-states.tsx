import { type ErrorComponentProps, Link, useRouter, useRouterState } from '@tanstack/react-router';
import { Compass } from 'lucide-react';
import { AppFailure, toAppError } from '@shared/errors';
import { buttonClass } from '@renderer/ui/button';
import { EmptyState } from '@renderer/ui/empty-state';
import { ErrorState } from '@renderer/ui/error-state';
import { SkeletonLines } from '@renderer/ui/skeleton';
import { useShellText } from './texts';

/** A screen that threw. The rest of the window goes on. */
export function RouteError({ error, reset }: ErrorComponentProps) {
  const t = useShellText();
  const router = useRouter();
  const words =
    error instanceof AppFailure
      ? toAppError(error)
      : { code: 'internal', message: t('crash.message'), action: t('crash.action') };
  return (
    <ErrorState
      size="page"
      error={words}
      kept={t('crash.kept')}
      onRetry={() => {
        reset();
        void router.invalidate();
      }}
    />
  );
}

/** A screen whose code is still being read; shown only when that takes noticeable time. */
export function RoutePending() {
  return (
    <div className="max-w-xl p-6">
      <SkeletonLines lines={5} />
    </div>
  );
}

/** An address that leads nowhere. */
export function RouteNotFound() {
  const t = useShellText();
  const path = useRouterState({ select: (state) => state.location.pathname });
  return (
    <EmptyState
      size="page"
      icon={Compass}
      title={t('notFound.title')}
      description={t('notFound.description', { path })}
      action={
        <Link to="/" className={buttonClass('primary')}>
          {t('notFound.action')}
        </Link>
      }
    />
  );
}

import { CircleStop, Hourglass, Play } from 'lucide-react';
import type { Operation } from '@shared/contract/operations';
import { useFormat } from '@renderer/i18n/use-format';
import { Button, Progress, useNow } from '@renderer/ui';
import { useOperationActions } from '@renderer/operations/operation-queries';
import { useOperationsText } from '@renderer/operations/operations-texts';

/** What is under way, how far it is, and the way out. */
export function OperationCards({ operations }: { operations: readonly Operation[] }) {
  const t = useOperationsText();
  if (operations.length === 0) return null;
  return (
    <section aria-label={t('active')} className="flex flex-col gap-2 pb-3">
      {operations.map((operation) => (
        <OperationCard key={operation.id} operation={operation} />
      ))}
    </section>
  );
}

function OperationCard({ operation }: { operation: Operation }) {
  const t = useOperationsText();
  const { cancel, proceed } = useOperationActions();
  const { id, action, state, reason, done, total, perSecond, canary, problem } = operation;
  return (
    <article
      aria-label={`${t(`title.${action.type}`)}: ${reason}`}
      className="flex items-center gap-4 rounded-lg border border-line bg-surface px-4 py-2.5 shadow-e1"
    >
      <div className="min-w-0 flex-1">
        <p className="truncate text-sm">
          <strong className="font-semibold">{t(`title.${action.type}`)}</strong>{' '}
          <span className="text-ink-2">{reason}</span>
        </p>
        {state === 'held' ? (
          <Countdown operation={operation} />
        ) : state === 'watching' && canary !== null ? (
          <p role="status" className="text-sm text-ink-2">
            {t('watching', canary)}
          </p>
        ) : (
          <Progress
            label={t(`state.${state}`)}
            labelHidden
            size="sm"
            done={done}
            total={total}
            perSecond={perSecond}
          />
        )}
        {problem !== null && <p className="text-xs text-warning-text">{problem}</p>}
      </div>
      {state === 'watching' && (
        <Button size="sm" variant="primary" icon={Play} onClick={() => void proceed(id)}>
          {t('proceed')}
        </Button>
      )}
      <Button size="sm" icon={CircleStop} onClick={() => void cancel(id)}>
        {state === 'watching' ? t('stop') : state === 'held' ? t('callOff') : t('cancel')}
      </Button>
    </article>
  );
}

function Countdown({ operation }: { operation: Operation }) {
  const t = useOperationsText();
  const format = useFormat();
  const now = useNow();
  const until = operation.holdUntil === null ? now : Date.parse(operation.holdUntil);
  return (
    <p className="flex items-center gap-1.5 text-sm text-ink-2">
      <Hourglass size={13} aria-hidden />
      {t('startedHeld', {
        seconds: format.number(Math.max(0, Math.ceil((until - now) / 1_000))),
      })}
    </p>
  );
}

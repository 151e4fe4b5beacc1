import { skipToken, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import type { Operation, OperationAction, OperationId } from '@shared/contract/operations';
import type { JobFilter } from '@shared/domain/job-filter';
import type { Result } from '@shared/errors';
import { callQuery, client } from '@renderer/platform/client';
import { useStream } from '@renderer/platform/use-stream';
import { showToast } from '@renderer/ui';
import { useOperationsText } from './operations-texts';

const HISTORY = ['operations', 'list'] as const;

export const hasEnded = ({ state }: Operation): boolean =>
  state === 'completed' || state === 'cancelled' || state === 'stopped';

/** What an action would do, counted when the dialog opens and whenever it is another; null is none yet. */
export function usePreview(action: OperationAction | null, filter: JobFilter) {
  return useQuery({
    queryKey: ['operations', 'preview', action, filter],
    queryFn:
      action === null
        ? skipToken
        : ({ signal }) => callQuery(client.operations.preview({ action, filter }, { signal })),
    // An old count is worse than none.
    staleTime: 0,
    gcTime: 0,
  });
}

export function useOperationHistory() {
  return useQuery({
    queryKey: HISTORY,
    queryFn: ({ signal }) => callQuery(client.operations.list({ limit: 100 }, { signal })),
  });
}

export function useReport(id: OperationId | null) {
  return useQuery({
    queryKey: ['operations', 'report', id],
    enabled: id !== null,
    queryFn: ({ signal }) =>
      id === null
        ? Promise.resolve({ total: 0, rows: [] })
        : callQuery(client.operations.report({ id, start: 0, count: 200 }, { signal })),
  });
}

export type Asked = (id: OperationId) => Promise<void>;

/** What can be asked of an operation; each shows its own problem. */
export function useOperationActions(): { cancel: Asked; proceed: Asked; undo: Asked } {
  const cache = useQueryClient();
  const ask =
    (call: (input: { id: OperationId }) => Promise<Result<Operation>>): Asked =>
    async (id) => {
      const result = await call({ id });
      if (!result.ok)
        showToast({ title: result.error.message, description: result.error.action, tone: 'danger' });
      await cache.invalidateQueries({ queryKey: HISTORY });
    };
  return {
    cancel: ask(client.operations.cancel),
    proceed: ask(client.operations.proceed),
    undo: ask(client.operations.undo),
  };
}

/** Operations under way. Says what came of each that ends while somebody looks, with a way back where there is one. */
export function useLiveOperations(): readonly Operation[] {
  const t = useOperationsText();
  const cache = useQueryClient();
  const { undo } = useOperationActions();
  const open = useRef(new Set<OperationId>());
  const tell = (operation: Operation): void => {
    const { action, done, left, total, id, problem, state } = operation;
    const isCalledOff = state === 'cancelled';
    const before = t(done === 0 ? 'calledOffWhole' : 'calledOffPart', { done, total });
    showToast({
      title: isCalledOff
        ? t('calledOff', { what: t(`title.${action.type}`) })
        : t(`ended.${action.type}`, { count: done }),
      tone: isCalledOff ? 'info' : state === 'stopped' ? 'danger' : left > 0 ? 'warning' : 'success',
      description: problem ?? (isCalledOff ? before : left > 0 ? t('leftSome', { count: left }) : undefined),
      ...(operation.undo !== null && {
        action: { label: t('undo'), onAction: () => void undo(id) },
        timeout: 20_000,
      }),
    });
  };
  const live = useStream(
    client.operations.live,
    {},
    {
      onValue: ({ operations }) => {
        for (const operation of operations) {
          if (!hasEnded(operation)) open.current.add(operation.id);
          else if (open.current.delete(operation.id)) {
            tell(operation);
            void cache.invalidateQueries({ queryKey: HISTORY });
            void cache.invalidateQueries({ queryKey: ['queues'] });
            void cache.invalidateQueries({ queryKey: ['failures'] });
          }
        }
      },
    },
  );
  return live.value?.operations.filter((operation) => !hasEnded(operation)) ?? [];
}

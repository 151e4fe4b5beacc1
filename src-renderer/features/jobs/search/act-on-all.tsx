import { useNavigate } from '@tanstack/react-router';
import {
  ArrowUpDown,
  FastForward,
  FilePenLine,
  FolderInput,
  type LucideIcon,
  RotateCw,
  Trash2,
  Zap,
} from 'lucide-react';
import { useState } from 'react';
import type { SearchFilter } from '@shared/contract/searches';
import { type JobState, jobStates } from '@shared/domain/queues';
import type { OperationType } from '@renderer/operations/action-draft';
import { OperationDialog } from '@renderer/operations/operation-dialog';
import { Button, Menu, showToast } from '@renderer/ui';
import { useSearchText } from './texts';

type OfSearch = Exclude<OperationType, 'drain'>;

/** The states that each can do something with. */
const STATES = {
  retry: ['failed'],
  patch: ['failed'],
  promote: ['delayed'],
  priority: ['waiting', 'delayed'],
  remove: jobStates,
  move: ['waiting', 'delayed', 'failed'],
} as const satisfies Record<OfSearch, readonly JobState[]>;
const ICONS: Readonly<Record<OfSearch, LucideIcon>> = {
  move: FolderInput,
  retry: RotateCw,
  patch: FilePenLine,
  promote: FastForward,
  priority: ArrowUpDown,
  remove: Trash2,
};

/** Hands everything that matches to an operation, as it matches then: not only what is listed. */
export function ActOnAll({ filter }: { filter: SearchFilter }) {
  const t = useSearchText();
  const [what, setWhat] = useState<OfSearch | null>(null);
  const navigate = useNavigate();
  const item = (type: OfSearch) => ({
    id: type,
    label: t(`all.${type}`),
    icon: ICONS[type],
    danger: type === 'remove',
    disabled: filter.states !== undefined && !STATES[type].some((state) => filter.states?.includes(state)),
    onSelect: () => setWhat(type),
  });
  return (
    <>
      <Menu
        align="end"
        groups={[
          ['retry' as const, 'patch' as const].map(item),
          ['promote' as const, 'priority' as const, 'move' as const].map(item),
          [item('remove')],
        ]}
      >
        <Button size="sm" icon={Zap}>
          {t('all.open')}
        </Button>
      </Menu>
      {what !== null && (
        <OperationDialog
          asked={{
            type: what,
            filter: {
              ...filter,
              states: STATES[what].filter((state) => filter.states?.includes(state) ?? true),
            },
            subject: t(`all.${what}Subject`),
          }}
          onClose={() => setWhat(null)}
          onStarted={() =>
            showToast({
              title: t('all.started'),
              tone: 'success',
              action: {
                label: t('all.show'),
                onAction: () => void navigate({ to: '/failures', search: { view: 'operations' } }),
              },
            })
          }
        />
      )}
    </>
  );
}

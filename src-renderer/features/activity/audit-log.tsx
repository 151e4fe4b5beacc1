import { ScrollText, ShieldCheck } from 'lucide-react';
import { useMemo } from 'react';
import { z } from 'zod';
import type { AuditEntry } from '@shared/contract/activity';
import { Button, DateTime, EmptyState, ErrorState, Notice } from '@renderer/ui';
import { type Column, DataTable, TableFrame } from '@renderer/ui/table';
import { wordsOf } from '@renderer/platform/failure';
import { useGrowingRows } from '@renderer/platform/use-growing-rows';
import { hasWords, spelledOut } from './audit-words';
import { useAudit, useVerifyAudit } from './queries';
import { useActivityText } from './texts';

/** Who did what, chained so that a change would show. */
export function AuditLog() {
  const t = useActivityText();
  const audit = useAudit();
  const verify = useVerifyAudit();
  const rows = useMemo(() => audit.data?.pages.flatMap((page) => page.entries) ?? [], [audit.data]);
  const source = useGrowingRows(rows, audit);
  const columns = useMemo<readonly Column<AuditEntry>[]>(
    () => [
      { id: 'when', header: t('when'), width: 210, cell: (row) => <DateTime at={new Date(row.at)} /> },
      { id: 'actor', header: t('actor'), width: 140, cell: (row) => row.actor },
      { id: 'action', header: t('action'), width: 360, cell: ({ action }) => <Action code={action} /> },
      {
        id: 'target',
        header: t('target'),
        width: 260,
        grow: true,
        cell: (row) => <Target entry={row} />,
      },
    ],
    [t],
  );
  if (audit.error !== null)
    return <ErrorState error={wordsOf(audit.error)} onRetry={() => void audit.refetch()} />;
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-2">
      <div className="flex items-center gap-3">
        <Button icon={ShieldCheck} busy={verify.isPending} onClick={() => verify.mutate()}>
          {t('verify')}
        </Button>
        {verify.data !== undefined && (
          <Notice tone={verify.data.intact ? 'success' : 'danger'}>
            {verify.data.intact
              ? t('intact', { count: verify.data.entries })
              : t('broken', { at: verify.data.brokenAt ?? 0 })}
          </Notice>
        )}
      </div>
      <TableFrame>
        <DataTable
          id="activity.audit"
          label={t('tabs.audit')}
          columns={columns}
          source={source}
          rowId={(row) => String(row.seq)}
          loading={audit.isPending}
          empty={
            <EmptyState icon={ScrollText} title={t('auditEmptyTitle')} description={t('auditEmptyHint')} />
          }
        />
      </TableFrame>
    </div>
  );
}

const Named = z.object({ name: z.string().min(1) });

/** By its name where the entry says it, with the id that finds it again. */
function Target({ entry: { target, detail } }: { readonly entry: AuditEntry }) {
  const named = Named.safeParse(detail);
  return (
    <>
      {named.success && <span className="mr-2">{named.data.name}</span>}
      <span className="font-mono text-xs text-ink-3">{target ?? ''}</span>
    </>
  );
}

/** In words, with the code that scripts and other logs know it by. */
function Action({ code }: { readonly code: string }) {
  const t = useActivityText();
  return (
    <>
      {hasWords(code) ? t(`actions.${code}`) : spelledOut(code)}
      <code className="ml-2 font-mono text-xs text-ink-3">{code}</code>
    </>
  );
}

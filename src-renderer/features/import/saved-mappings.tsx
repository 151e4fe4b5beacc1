import { Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { Mapping, SavedMapping } from '@shared/contract/imports';
import { mappingProblems } from '@shared/domain/column-mapping';
import { wordsOf } from '@renderer/platform/failure';
import {
  Button,
  Card,
  ConfirmDialog,
  Dialog,
  ErrorState,
  IconButton,
  Notice,
  NumberText,
  RelativeTime,
  SkeletonLines,
} from '@renderer/ui';
import { ColumnEditor } from './column-editor';
import { problemOfMapping } from './mapping-check';
import { useForgetMapping, useOwnFields, useSavedMappings, useSaveMapping } from './mapping-queries';
import { useImportText } from './texts';

/** The mappings that are applied by themselves, to be looked at, edited and forgotten. */
export function SavedMappings() {
  const t = useImportText();
  const saved = useSavedMappings();
  const forget = useForgetMapping();
  const [edited, setEdited] = useState<SavedMapping | null>(null);
  const [asked, setAsked] = useState<SavedMapping | null>(null);
  if (saved.error !== null)
    return <ErrorState error={wordsOf(saved.error)} onRetry={() => void saved.refetch()} />;
  if (saved.data === undefined) return <SkeletonLines lines={2} />;
  const { mappings } = saved.data;
  return (
    <Card title={t('mappings.title')} hint={t('mappings.hint')} padding="none">
      {mappings.length === 0 ? (
        <p className="px-4 py-6 text-center text-sm text-ink-3">{t('mappings.none')}</p>
      ) : (
        <MappingTable mappings={mappings} onEdit={setEdited} onForget={setAsked} />
      )}
      {edited !== null && <EditDialog key={edited.id} saved={edited} onClose={() => setEdited(null)} />}
      <ConfirmDialog
        open={asked !== null}
        onOpenChange={(open) => {
          if (!open) setAsked(null);
        }}
        danger
        title={t('mappings.forgetTitle')}
        description={t('mappings.forgetHint', { headers: asked?.headers.join(', ') ?? '' })}
        confirmLabel={t('mappings.forget')}
        onConfirm={() => {
          if (asked !== null) forget.mutate(asked.id);
        }}
      />
    </Card>
  );
}

interface MappingTableProps {
  readonly mappings: readonly SavedMapping[];
  readonly onEdit: (mapping: SavedMapping) => void;
  readonly onForget: (mapping: SavedMapping) => void;
}

function MappingTable({ mappings, onEdit, onForget }: MappingTableProps) {
  const t = useImportText();
  return (
    <table className="w-full text-sm">
      <thead className="text-left text-xs text-ink-3">
        <tr className="border-b border-line">
          <th className="px-4 py-2 font-medium">{t('mappings.headers')}</th>
          <th className="px-3 py-2 text-right font-medium">{t('columns')}</th>
          <th className="px-3 py-2 text-right font-medium">{t('mappings.uses')}</th>
          <th className="px-3 py-2 text-right font-medium">{t('mappings.usedAt')}</th>
          <th className="w-24 px-4 py-2">
            <span className="sr-only">{t('mappings.actions')}</span>
          </th>
        </tr>
      </thead>
      <tbody className="tabular divide-y divide-line">
        {mappings.map((mapping) => {
          const headers = mapping.headers.join(', ');
          return (
            <tr key={mapping.id} className="hover:bg-hover">
              <td className="max-w-96 truncate px-4 py-1.5" title={headers}>
                <bdi>{headers}</bdi>
              </td>
              <td className="px-3 py-1.5 text-right">
                <NumberText value={mapping.headers.length} />
              </td>
              <td className="px-3 py-1.5 text-right">
                <NumberText value={mapping.uses} quietZero />
              </td>
              <td className="px-3 py-1.5 text-right whitespace-nowrap">
                {mapping.usedAt === null ? (
                  t('mappings.never')
                ) : (
                  <RelativeTime at={new Date(mapping.usedAt)} />
                )}
              </td>
              <td className="px-4 py-1.5">
                <div className="flex justify-end gap-1">
                  <IconButton
                    icon={Pencil}
                    size="sm"
                    label={t('mappings.edit', { headers })}
                    onClick={() => onEdit(mapping)}
                  />
                  <IconButton
                    icon={Trash2}
                    size="sm"
                    label={t('mappings.forgetOne', { headers })}
                    onClick={() => onForget(mapping)}
                  />
                </div>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

interface EditDialogProps {
  readonly saved: SavedMapping;
  readonly onClose: () => void;
}

function EditDialog({ saved, onClose }: EditDialogProps) {
  const t = useImportText();
  const save = useSaveMapping();
  const ownFields = useOwnFields();
  const [mapping, setMapping] = useState<Mapping>(saved.mapping);
  const problems = mappingProblems(mapping);
  const problem = problemOfMapping(problems);
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      width="lg"
      title={t('mappings.editTitle')}
      description={t('mappings.editHint')}
      footer={
        <>
          <Button onClick={onClose}>{t('mappings.close')}</Button>
          <Button
            variant="primary"
            disabled={problems.length > 0}
            busy={save.isPending}
            onClick={() => save.mutate({ headers: saved.headers, mapping }, { onSuccess: onClose })}
          >
            {t('mappings.save')}
          </Button>
        </>
      }
    >
      {problem !== undefined && <Notice tone="danger" title={problem} />}
      <ColumnEditor
        label={t('columns')}
        columns={saved.headers.map((header) => ({ header }))}
        mapping={mapping}
        onChange={setMapping}
        ownFields={ownFields}
      />
    </Dialog>
  );
}

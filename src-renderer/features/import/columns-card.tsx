import { BookmarkPlus } from 'lucide-react';
import { memo } from 'react';
import type { ImportDraft, Mapping, SuggestedColumn } from '@shared/contract/imports';
import { mappingProblems } from '@shared/domain/column-mapping';
import { Button, Card, Notice, RelativeTime, SkeletonLines } from '@renderer/ui';
import { ColumnEditor, surenessNow } from './column-editor';
import type { Basis } from './draft-basis';
import { problemOfMapping } from './mapping-check';
import { useOwnFields, useSaveMapping } from './mapping-queries';
import { useImportText } from './texts';

interface ColumnsCardProps {
  readonly draft: ImportDraft;
  /** Where the mapping began, and the file's columns as they are mapped there. */
  readonly basis: Basis;
  readonly columns: readonly SuggestedColumn[];
  readonly mapping: Mapping;
  readonly defaultCountry: string | null;
  readonly onChange: (mapping: Mapping) => void;
  readonly onBasis: (basis: Basis) => void;
}

/** What each column goes into: suggested or remembered, to be changed, and to be kept for the next file. */
export const ColumnsCard = memo(function ColumnsCard(props: ColumnsCardProps) {
  const { draft, basis, columns, mapping, defaultCountry, onChange, onBasis } = props;
  const t = useImportText();
  const save = useSaveMapping();
  const ownFields = useOwnFields();
  const problems = mappingProblems(mapping);
  const problem = problemOfMapping(problems);
  const guesses = columns.filter(
    (column, index) => surenessNow(column, mapping[index] ?? { field: 'ignore' }) === 'guess',
  ).length;
  const headers = columns.map(({ header }) => header);
  return (
    <Card
      title={t('columns')}
      hint={guesses === 0 ? t(`basis.${basis}`) : t('guesses', { count: guesses })}
      padding="none"
      actions={
        <Button
          icon={BookmarkPlus}
          size="sm"
          busy={save.isPending}
          disabled={problems.length > 0}
          onClick={() => save.mutate({ headers, mapping, defaultCountry })}
        >
          {t('mappings.save')}
        </Button>
      }
    >
      {problem !== undefined && (
        <div className="px-4 pt-3">
          <Notice tone="danger" title={problem} />
        </div>
      )}
      {draft.remembered !== null && basis !== 'continued' && (
        <Remembered remembered={draft.remembered} basis={basis} onBasis={onBasis} />
      )}
      <ColumnEditor
        label={t('columns')}
        columns={columns.map((suggestion) => ({ header: suggestion.header, suggestion }))}
        mapping={mapping}
        onChange={onChange}
        ownFields={ownFields}
      />
    </Card>
  );
});

interface RememberedProps {
  readonly remembered: NonNullable<ImportDraft['remembered']>;
  readonly basis: Basis;
  readonly onBasis: (basis: Basis) => void;
}

/** Says that a saved mapping was applied, and goes back to the suggestion and forth. */
function Remembered({ remembered, basis, onBasis }: RememberedProps) {
  const t = useImportText();
  const applied = basis === 'remembered';
  const { uses, usedAt } = remembered;
  return (
    <div className="px-4 pt-3">
      <Notice
        title={applied ? t('mappings.applied') : t('mappings.notApplied')}
        actions={
          <Button size="sm" onClick={() => onBasis(applied ? 'suggested' : 'remembered')}>
            {applied ? t('mappings.useSuggestion') : t('mappings.useRemembered')}
          </Button>
        }
      >
        {applied && usedAt !== null && (
          <>
            {t('mappings.used', { count: uses })} <RelativeTime at={new Date(usedAt)} />.
          </>
        )}
      </Notice>
    </div>
  );
}

/** Where so many columns will be. */
export function ColumnsPlace({ columns }: { readonly columns: number }) {
  const t = useImportText();
  return (
    <Card title={t('columns')}>
      <SkeletonLines lines={columns * 2} />
    </Card>
  );
}

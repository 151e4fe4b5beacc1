import { useState } from 'react';
import type { DropReason } from '@shared/contract/audiences';
import type { AudienceEstimate } from '@shared/contract/campaigns';
import { type AppError } from '@shared/errors';
import {
  Badge,
  Button,
  ButtonLink,
  Card,
  Combobox,
  Dialog,
  ErrorState,
  MultiCombobox,
  NumberText,
  Segmented,
  Skeleton,
  TextField,
} from '@renderer/ui';
import { ConditionFields } from '@renderer/audience/condition-fields';
import { PasteFields } from '@renderer/audience/list-fields';
import { FileFields } from '@renderer/audience/list-file';
import { useTags } from '@renderer/audience/queries';
import { useFormat } from '@renderer/i18n/use-format';
import type { AudienceKind, Draft } from './draft';
import { type Judging, useImports } from './queries';
import { RecipientGrid } from './recipient-grid';
import { useComposeText } from './texts';

interface AudienceCardProps {
  readonly draft: Draft;
  readonly onChange: (part: Partial<Draft>) => void;
  /** Undefined while it is counted, null while nobody is named. */
  readonly estimate: AudienceEstimate | undefined | null;
  readonly error: AppError | undefined;
  readonly onRetry: () => void;
  /** Null until a message is written: then those who are left out can be listed. */
  readonly judging: Judging | null;
}

const KINDS: readonly AudienceKind[] = ['all', 'tags', 'filter', 'search', 'import', 'paste', 'file'];

/** Who receives the message, and how many that is right now. */
export function AudienceCard({ draft, onChange, estimate, error, onRetry, judging }: AudienceCardProps) {
  const t = useComposeText();
  return (
    <Card title={t('audience.title')}>
      <div className="flex flex-col gap-4">
        <Segmented
          label={t('audience.kind')}
          value={draft.audienceKind}
          onValueChange={(audienceKind) => onChange({ audienceKind })}
          options={KINDS.map((value) => ({ value, label: t(`audience.${value}`) }))}
        />
        <AudienceFields draft={draft} onChange={onChange} />
        {error ? (
          <ErrorState error={error} onRetry={onRetry} />
        ) : estimate === null ? (
          <p className="text-sm text-ink-3">{t('audience.unsaid')}</p>
        ) : isNobodyKnown(draft, estimate) ? (
          <div className="flex flex-wrap items-center gap-3">
            <p role="status" className="text-sm text-ink-2">
              {t('audience.nobodyKnown')}
            </p>
            <ButtonLink to="/import" search={{}}>
              {t('audience.importThem')}
            </ButtonLink>
          </div>
        ) : (
          <Estimate estimate={estimate} judging={judging} />
        )}
      </div>
    </Card>
  );
}

function AudienceFields({ draft, onChange }: Pick<AudienceCardProps, 'draft' | 'onChange'>) {
  const t = useComposeText();
  const format = useFormat();
  const tags = useTags();
  const imports = useImports();
  const tagOptions = (tags.data?.tags ?? []).map(({ tag, contacts }) => ({
    value: tag,
    label: tag,
    hint: format.number(contacts),
  }));
  return (
    <div className="flex flex-col gap-4">
      {draft.audienceKind === 'paste' && (
        <PasteFields list={draft.pasted} onList={(pasted) => onChange({ pasted })} />
      )}
      {draft.audienceKind === 'file' && (
        <FileFields list={draft.file} onList={(file) => onChange({ file })} />
      )}
      {draft.audienceKind === 'filter' && (
        <ConditionFields where={draft.where} onChange={(where) => onChange({ where })} />
      )}
      <div className="grid gap-4 sm:grid-cols-2">
        {draft.audienceKind === 'tags' && (
          <MultiCombobox
            label={t('audience.tagsLabel')}
            hint={t('audience.tagsHint')}
            placeholder={t('audience.choose')}
            options={tagOptions}
            value={draft.tags}
            onValueChange={(chosen) => onChange({ tags: chosen })}
          />
        )}
        {draft.audienceKind === 'search' && (
          <TextField
            label={t('audience.searchLabel')}
            hint={t('audience.searchHint')}
            value={draft.search}
            maxLength={200}
            onChange={(event) => onChange({ search: event.target.value })}
          />
        )}
        {draft.audienceKind === 'import' && (
          <Combobox
            label={t('audience.importLabel')}
            placeholder={t('audience.choose')}
            options={(imports.data?.imports ?? [])
              .filter(({ state }) => state !== 'draft')
              .map((each) => ({
                value: each.id,
                label: each.fileName,
                hint: format.dateTime(Date.parse(each.createdAt)),
              }))}
            value={imports.data?.imports.find(({ id }) => id === draft.importId)?.id ?? null}
            onValueChange={(importId) => onChange({ importId })}
          />
        )}
        {draft.audienceKind !== 'filter' && (
          <MultiCombobox
            label={t('audience.exclude')}
            optional
            placeholder={t('audience.choose')}
            options={tagOptions}
            value={draft.excludeTags}
            onValueChange={(excludeTags) => onChange({ excludeTags })}
          />
        )}
      </div>
    </div>
  );
}

/** Everybody is meant, and there is nobody. */
const isNobodyKnown = (
  { audienceKind, excludeTags }: Draft,
  estimate: AudienceEstimate | undefined,
): boolean => audienceKind === 'all' && excludeTags.length === 0 && estimate?.matched === 0;

interface EstimateProps {
  readonly estimate: AudienceEstimate | undefined;
  readonly judging: Judging | null;
}

function Estimate({ estimate, judging }: EstimateProps) {
  const t = useComposeText();
  const format = useFormat();
  const [shown, setShown] = useState<DropReason>();
  if (!estimate) return <Skeleton height={48} />;
  const left: readonly (readonly [DropReason, number])[] = [
    ['duplicate', estimate.duplicates],
    ['opted_out', estimate.optedOut],
    ['suppressed', estimate.suppressed],
    ['no_address', estimate.noAddress],
    ['invalid', estimate.invalid],
    ['left_out', estimate.leftOut],
  ];
  return (
    <div className="flex flex-wrap items-end gap-x-8 gap-y-2">
      <div role="status">
        <div className="text-xs text-ink-3">{t('audience.sendable')}</div>
        <div className="tabular text-2xl font-semibold tracking-tight">
          <NumberText value={estimate.sendable} />
        </div>
      </div>
      <div className="flex flex-wrap items-center gap-1.5 pb-0.5">
        <Badge>{t('audience.matched', { count: format.number(estimate.matched) })}</Badge>
        {left.map(([name, count]) => {
          if (count === 0) return null;
          const words = t(`left.${name}`, { count: format.number(count) });
          return judging === null ? (
            <Badge key={name} tone="warning">
              {words}
            </Badge>
          ) : (
            <Button key={name} size="sm" onClick={() => setShown(name)}>
              {words}
            </Button>
          );
        })}
      </div>
      {judging !== null && (
        <Dialog
          open={shown !== undefined}
          onOpenChange={() => setShown(undefined)}
          title={t('left.title')}
          description={t('left.hint')}
          width="lg"
        >
          <div className="flex h-[50vh] overflow-hidden rounded-md border border-line">
            {shown !== undefined && (
              <RecipientGrid judging={judging} filter={{ show: shown }} variables={NO_VARIABLES} />
            )}
          </div>
        </Dialog>
      )}
    </div>
  );
}

const NO_VARIABLES: readonly string[] = [];

import type { AudienceEstimate } from '@shared/contract/campaigns';
import { type AppError } from '@shared/errors';
import {
  Badge,
  Card,
  Combobox,
  Duration,
  ErrorState,
  MultiCombobox,
  NumberText,
  Segmented,
  Skeleton,
  TextField,
} from '@renderer/ui';
import { useFormat } from '@renderer/i18n/use-format';
import type { AudienceKind, Draft } from './draft';
import { useImports, useTags } from './queries';
import { useComposeText } from './texts';

interface AudienceCardProps {
  readonly draft: Draft;
  readonly onChange: (part: Partial<Draft>) => void;
  /** Undefined while it is counted, null while nobody is named. */
  readonly estimate: AudienceEstimate | undefined | null;
  readonly error: AppError | undefined;
  readonly onRetry: () => void;
}

const KINDS: readonly AudienceKind[] = ['all', 'tags', 'search', 'import'];

/** Who receives the message, and how many that is right now. */
export function AudienceCard({ draft, onChange, estimate, error, onRetry }: AudienceCardProps) {
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
        ) : (
          <Estimate estimate={estimate} />
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
      <MultiCombobox
        label={t('audience.exclude')}
        optional
        placeholder={t('audience.choose')}
        options={tagOptions}
        value={draft.excludeTags}
        onValueChange={(excludeTags) => onChange({ excludeTags })}
      />
    </div>
  );
}

function Estimate({ estimate }: { estimate: AudienceEstimate | undefined }) {
  const t = useComposeText();
  const format = useFormat();
  if (!estimate) return <Skeleton height={48} />;
  const left = [
    ['optedOut', estimate.optedOut],
    ['suppressed', estimate.suppressed],
    ['noAddress', estimate.noAddress],
  ] as const;
  return (
    <div aria-live="polite" className="flex flex-wrap items-end gap-x-8 gap-y-2">
      <div>
        <div className="text-xs text-ink-3">{t('audience.sendable')}</div>
        <div className="tabular text-2xl font-semibold tracking-tight">
          <NumberText value={estimate.sendable} />
        </div>
      </div>
      <div>
        <div className="text-xs text-ink-3">{t('audience.duration')}</div>
        <div className="text-md font-medium">
          <Duration ms={estimate.durationSeconds * 1_000} />
        </div>
      </div>
      <div className="flex flex-wrap gap-1.5 pb-0.5">
        <Badge>{t('audience.matched', { count: format.number(estimate.matched) })}</Badge>
        {left.map(([name, count]) =>
          count === 0 ? null : (
            <Badge key={name} tone="warning">
              {t(`audience.${name}`, { count: format.number(count) })}
            </Badge>
          ),
        )}
      </div>
    </div>
  );
}

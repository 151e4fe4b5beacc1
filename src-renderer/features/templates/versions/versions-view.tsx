import { RotateCcw } from 'lucide-react';
import { useState } from 'react';
import type { Template, TemplateVersion } from '@shared/contract/templates';
import { toAppError } from '@shared/errors';
import { client } from '@renderer/platform/client';
import {
  Badge,
  Button,
  cx,
  DateTime,
  ErrorState,
  Link,
  Segmented,
  showToast,
  SkeletonLines,
} from '@renderer/ui';
import { useVersions, useWrite } from '../queries';
import { useTemplatesText } from '../texts';
import { VersionDiff } from './version-diff';

interface VersionsViewProps {
  readonly template: Template;
  readonly onRestored: () => void;
}

type Against = 'before' | 'current';

/** Every version with who saved it and what was sent with it; what it changed; and back to an old one. */
export function VersionsView({ template, onRestored }: VersionsViewProps) {
  const { data, error, refetch } = useVersions(template.id, template.version);
  if (error) return <ErrorState error={toAppError(error)} onRetry={() => void refetch()} />;
  if (!data) return <SkeletonLines lines={6} />;
  return <Versions template={template} versions={data.versions} onRestored={onRestored} />;
}

function Versions({
  template,
  versions,
  onRestored,
}: VersionsViewProps & { readonly versions: readonly TemplateVersion[] }) {
  const t = useTemplatesText();
  const [chosen, setChosen] = useState(template.version);
  const [against, setAgainst] = useState<Against>('before');
  const isCurrent = chosen === template.version;
  const base = against === 'current' && !isCurrent ? template.version : chosen - 1;
  return (
    <div className="grid items-start gap-5 pt-4 xl:grid-cols-[20rem_minmax(0,1fr)]">
      <ol
        aria-label={t('view.versions')}
        className="max-h-[65vh] overflow-y-auto rounded-md border border-line"
      >
        {versions.map((version) => (
          <Entry
            key={version.version}
            version={version}
            isCurrent={version.version === template.version}
            isChosen={version.version === chosen}
            onChoose={() => setChosen(version.version)}
          />
        ))}
      </ol>
      <div className="flex min-w-0 flex-col gap-3">
        <div className="flex flex-wrap items-center gap-3">
          <h3 className="min-w-0 flex-1 text-sm font-semibold">
            {base === 0
              ? t('firstVersion')
              : t('compared', { from: Math.min(base, chosen), to: Math.max(base, chosen) })}
          </h3>
          {!isCurrent && (
            <>
              <Segmented
                label={t('compareWith')}
                value={against}
                onValueChange={setAgainst}
                options={[
                  { value: 'before', label: t('withBefore') },
                  { value: 'current', label: t('withCurrent') },
                ]}
              />
              <Restore template={template} version={chosen} onRestored={onRestored} />
            </>
          )}
        </div>
        <VersionDiff
          templateId={template.id}
          from={Math.min(base, chosen)}
          to={Math.max(base, chosen)}
          isEmail={template.channel === 'email'}
        />
      </div>
    </div>
  );
}

interface EntryProps {
  readonly version: TemplateVersion;
  readonly isCurrent: boolean;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}

function Entry({ version, isCurrent, isChosen, onChoose }: EntryProps) {
  const t = useTemplatesText();
  const { campaigns, restoredFrom, savedBy, savedAt } = version;
  return (
    <li className={cx('border-b border-line last:border-b-0', isChosen && 'bg-selected')}>
      <button
        type="button"
        aria-current={isChosen || undefined}
        onClick={onChoose}
        className="flex w-full flex-col gap-0.5 px-3 py-2 text-left -outline-offset-2 hover:bg-hover"
      >
        <span className="flex items-center gap-2 text-sm font-medium">
          {t('version', { version: version.version })}
          {isCurrent && <Badge tone="success">{t('current')}</Badge>}
          {restoredFrom !== null && <Badge>{t('restoredFrom', { version: restoredFrom })}</Badge>}
        </span>
        <span className="text-xs text-ink-2">
          {savedBy ?? t('somebody')} · <DateTime at={Date.parse(savedAt)} />
        </span>
      </button>
      <p className="flex flex-wrap gap-x-2 px-3 pb-2 text-xs text-ink-3">
        {campaigns.length === 0 ? t('usedByNone') : t('usedBy')}
        {campaigns.map(({ id, name }) => (
          <Link key={id} to="/campaigns" search={{ id }}>
            {name}
          </Link>
        ))}
      </p>
    </li>
  );
}

interface RestoreProps {
  readonly template: Template;
  readonly version: number;
  readonly onRestored: () => void;
}

/** Nothing is lost by it: the text of today stays a version. */
function Restore({ template, version, onRestored }: RestoreProps) {
  const t = useTemplatesText();
  const { busy, run } = useWrite();
  const restore = async (): Promise<void> => {
    const restored = await run(() => client.templates.restore({ templateId: template.id, version }));
    if (restored === null) return;
    showToast({ title: t('restored', { version, next: restored.version }), tone: 'success' });
    onRestored();
  };
  return (
    <Button size="sm" icon={RotateCcw} busy={busy} onClick={() => void restore()}>
      {t('restore', { version })}
    </Button>
  );
}

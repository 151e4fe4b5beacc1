import type { AudienceEstimate } from '@shared/contract/campaigns';
import { ConfirmDialog, DateTime, Duration, Notice, PropertyList } from '@renderer/ui';
import { useFormat } from '@renderer/i18n/use-format';
import type { Draft } from './draft';
import type { Preview } from './preview-card';
import { useComposeText } from './texts';

interface ConfirmLaunchProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  /** What the campaign will be called. */
  readonly name: string;
  readonly draft: Draft;
  readonly estimate: AudienceEstimate;
  readonly preview: Preview | undefined;
  readonly sandbox: boolean | undefined;
  readonly onConfirm: () => Promise<void>;
}

/** The last question before messages leave, with exact counts. */
export function ConfirmLaunch({
  open,
  onOpenChange,
  name,
  draft,
  estimate,
  preview,
  sandbox,
  onConfirm,
}: ConfirmLaunchProps) {
  const t = useComposeText();
  const format = useFormat();
  const reach = preview?.reach ?? estimate.sendable;
  const counted = { count: reach, amount: format.number(reach) };
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={onOpenChange}
      title={t('confirm.title', counted)}
      description={sandbox === true ? t('confirm.sandbox') : t('confirm.live')}
      confirmLabel={t('confirm.go', counted)}
      onConfirm={onConfirm}
    >
      <div className="flex flex-col gap-3">
        {reach < estimate.sendable && (
          <Notice tone="warning">
            {t('confirm.skip', { count: format.number(estimate.sendable - reach) })}
          </Notice>
        )}
        <PropertyList
          properties={[
            { label: t('confirm.name'), value: name },
            { label: t('confirm.channel'), value: t(draft.channel) },
            { label: t('confirm.start'), value: <Start draft={draft} /> },
            {
              label: t('confirm.left'),
              value: t('confirm.leftNote', {
                optedOut: format.number(estimate.optedOut),
                suppressed: format.number(estimate.suppressed),
                noAddress: format.number(estimate.noAddress),
              }),
            },
            { label: t('audience.duration'), value: <Duration ms={estimate.durationSeconds * 1_000} /> },
          ]}
        />
      </div>
    </ConfirmDialog>
  );
}

function Start({ draft }: { draft: Draft }) {
  const t = useComposeText();
  if (draft.when === 'now') return t('when.now');
  if (draft.when === 'at') return <DateTime at={Date.parse(draft.at)} />;
  return (
    <>
      {t('when.delay')}: <Duration ms={draft.delayMinutes * 60_000} />
    </>
  );
}

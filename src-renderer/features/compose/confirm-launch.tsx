import type { AudienceEstimate } from '@shared/contract/campaigns';
import { instantOf } from '@shared/domain/zoned-time';
import { ConfirmDialog, DateTime, Duration, Notice, PropertyList } from '@renderer/ui';
import { useFormat } from '@renderer/i18n/use-format';
import type { Draft } from './draft';
import type { OverBudget } from './draft';
import { ForecastLines } from './forecast';
import { chosenOf, isOverBudget, nowOf, OverBudgetFields } from './over-budget';
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
  readonly onOverBudget: (chosen: OverBudget) => void;
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
  onOverBudget,
  sandbox,
  onConfirm,
}: ConfirmLaunchProps) {
  const t = useComposeText();
  const format = useFormat();
  const all = preview?.reach ?? estimate.sendable;
  const isOver = preview !== undefined && isOverBudget(preview);
  const reach = isOver ? nowOf(draft, preview) : all;
  const files = draft.channel === 'email' ? draft.attachments : [];
  const counted = { count: reach, amount: format.number(reach) };
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={onOpenChange}
      title={t('confirm.title', counted)}
      description={sandbox === true ? t('confirm.sandbox') : t('confirm.live')}
      confirmLabel={t(
        isOver && chosenOf(draft, preview) === 'send' ? 'confirm.anyway' : 'confirm.go',
        counted,
      )}
      onConfirm={onConfirm}
    >
      <div className="flex flex-col gap-3">
        {all < estimate.sendable && (
          <Notice tone="warning">{t('confirm.skip', { count: estimate.sendable - all })}</Notice>
        )}
        <PropertyList
          properties={[
            { label: t('confirm.name'), value: name },
            { label: t('confirm.channel'), value: t(draft.channel) },
            ...(files.length === 0
              ? []
              : [{ label: t('mail.attachments'), value: files.map(({ fileName }) => fileName).join(', ') }]),
            { label: t('confirm.start'), value: <Start draft={draft} /> },
            { label: t('confirm.left'), value: <LeftOut estimate={estimate} /> },
          ]}
        />
        {preview && <ForecastLines draft={draft} preview={preview} />}
        {isOver && <OverBudgetFields draft={draft} preview={preview} onChoose={onOverBudget} />}
      </div>
    </ConfirmDialog>
  );
}

/** Why the audience is larger than who gets it; reasons that nobody has are not listed. */
function LeftOut({ estimate }: { estimate: AudienceEstimate }) {
  const t = useComposeText();
  const format = useFormat();
  const { optedOut, suppressed, noAddress, duplicates, invalid, leftOut } = estimate;
  const reasons = { optedOut, suppressed, noAddress, others: duplicates + invalid + leftOut };
  const words = (['optedOut', 'suppressed', 'noAddress', 'others'] as const)
    .filter((reason) => reasons[reason] > 0)
    .map((reason) =>
      t(`confirm.leftReason.${reason}`, { count: reasons[reason], amount: format.number(reasons[reason]) }),
    );
  return words.length === 0 ? t('confirm.leftNobody') : words.join(', ');
}

function Start({ draft }: { draft: Draft }) {
  const t = useComposeText();
  if (draft.when === 'now') return t('when.now');
  if (draft.when === 'at') {
    const at = instantOf(draft.at, draft.zone);
    return at === null ? null : <DateTime at={at} />;
  }
  return (
    <>
      {t('when.delay')}: <Duration ms={draft.delayMinutes * 60_000} />
    </>
  );
}

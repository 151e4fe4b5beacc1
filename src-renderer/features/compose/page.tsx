import { useNavigate, useSearch } from '@tanstack/react-router';
import { Send } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { Button, Page as Frame, showToast } from '@renderer/ui';
import { useFormat } from '@renderer/i18n/use-format';
import { useStillHere } from '@renderer/platform/use-still-here';
import { AudienceCard } from './audience-card';
import { ConfirmLaunch } from './confirm-launch';
import { quietOf } from './draft';
import { MessageCard } from './message-card';
import { chosenOf, isOverBudget } from './over-budget';
import { PreflightCard } from './preflight-card';
import { PreviewCard } from './preview-card';
import { useLaunch } from './queries';
import { StartCard } from './start-card';
import { useComposeText } from './texts';
import { type DraftStart, useDraft } from './use-draft';

/** Writing and sending one message to many; a new address starts a new draft. */
export function Page() {
  const { channel, import: importId, template: templateId } = useSearch({ from: '/compose' });
  return (
    <Composer key={JSON.stringify([channel, importId, templateId])} {...{ channel, importId, templateId }} />
  );
}

function Composer(start: DraftStart) {
  const t = useComposeText();
  const format = useFormat();
  const state = useDraft(start);
  const { draft, change, estimate, todo } = state;
  const [asking, setAsking] = useState(false);
  const send = useSend(state);
  // A moment after the fields that come first, in a render that gives way: all of them at once would block the page.
  const isWhole = useDeferredValue(true, false);
  const { audience, message, preview } = state;
  const judging = audience && message && { audience, message, draftId: draft.id };
  const preflight = preview?.preflight;
  return (
    <Frame
      title={t('title')}
      hint={todo === null ? t('hint') : t(`todo.${todo}`)}
      actions={
        <Button
          variant="primary"
          icon={Send}
          disabled={todo !== null || state.pending || !estimate}
          onClick={() => setAsking(true)}
        >
          {estimate
            ? t('sendTo', { count: format.number(state.preview?.reach ?? estimate.sendable) })
            : t('send')}
        </Button>
      }
    >
      <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <div className="flex min-w-0 flex-col gap-4">
          <AudienceCard
            draft={draft}
            onChange={change}
            estimate={estimate}
            error={state.estimateError}
            onRetry={state.retryEstimate}
            judging={judging}
          />
          <MessageCard draft={draft} onChange={change} problems={state.problems} sandbox={state.sandbox} />
          {isWhole && preflight && judging && (
            <PreflightCard
              preflight={preflight}
              judging={judging}
              missing={draft.missing}
              onMissing={(missing) => change({ missing })}
            />
          )}
          {isWhole && (
            <StartCard
              draft={draft}
              onChange={change}
              defaultName={state.defaultName}
              past={state.startAt === null}
              preview={state.preview}
            />
          )}
        </div>
        {isWhole && (
          <PreviewCard
            draft={draft}
            preview={state.preview}
            judging={judging}
            error={state.previewError}
            onRetry={state.retryPreview}
          />
        )}
      </div>
      {estimate && (
        <ConfirmLaunch
          open={asking}
          onOpenChange={setAsking}
          name={state.name}
          draft={draft}
          estimate={estimate}
          preview={state.preview}
          onOverBudget={(overBudget) => change({ overBudget })}
          sandbox={state.sandbox}
          onConfirm={send}
        />
      )}
    </Frame>
  );
}

/** Sends the draft and goes to the campaign that came of it; who has left the composer meanwhile is only told. */
function useSend({ draft, name, audience, message, startAt, preview }: ReturnType<typeof useDraft>) {
  const t = useComposeText();
  const navigate = useNavigate();
  const isHere = useStillHere();
  const launch = useLaunch();
  return async (): Promise<void> => {
    if (audience === null || message === null || startAt === null) return;
    const { priority, missing } = draft;
    const sent = await launch({
      ...{ name, audience, message, priority, missing, ...startAt },
      draftId: draft.id,
      expected: preview?.preflight ?? undefined,
      quietHours: draft.isQuiet ? quietOf(draft) : null,
      canary: draft.canary,
      stopAtFailureShare: draft.stopAtFailurePercent === null ? null : draft.stopAtFailurePercent / 100,
      overBudget: preview && isOverBudget(preview) ? chosenOf(draft, preview) : 'refuse',
    });
    if (sent === null) return;
    const show = () => navigate({ to: '/campaigns', search: { id: sent.campaignId } });
    showToast({
      title: t('launched', { count: sent.recipients }),
      description:
        [
          sent.skipped === 0 ? '' : t('skipped', { count: sent.skipped }),
          sent.later.length === 0 ? '' : t('laterParts', { count: sent.later.length }),
        ]
          .filter((part) => part !== '')
          .join(' ') || undefined,
      tone: 'success',
      ...(isHere() ? {} : { action: { label: t('launchedShow'), onAction: () => void show() } }),
    });
    if (isHere()) await show();
  };
}

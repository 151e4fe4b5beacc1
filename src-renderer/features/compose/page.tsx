import { useNavigate, useSearch } from '@tanstack/react-router';
import { Send } from 'lucide-react';
import { useState } from 'react';
import { Button, Page as Frame, showToast } from '@renderer/ui';
import { useFormat } from '@renderer/i18n/use-format';
import { AudienceCard } from './audience-card';
import { ConfirmLaunch } from './confirm-launch';
import { MessageCard } from './message-card';
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
          />
          <MessageCard draft={draft} onChange={change} problems={state.problems} sandbox={state.sandbox} />
          <StartCard
            draft={draft}
            onChange={change}
            defaultName={state.defaultName}
            past={state.startAt === null}
          />
        </div>
        <PreviewCard
          preview={state.preview}
          ready={state.ready}
          error={state.previewError}
          onRetry={state.retryPreview}
          missing={draft.missing}
          onMissing={(missing) => change({ missing })}
        />
      </div>
      {estimate && (
        <ConfirmLaunch
          open={asking}
          onOpenChange={setAsking}
          name={state.name}
          draft={draft}
          estimate={estimate}
          preview={state.preview}
          sandbox={state.sandbox}
          onConfirm={send}
        />
      )}
    </Frame>
  );
}

/** Sends the draft and goes to the campaign that came of it. */
function useSend({ draft, name, audience, message, startAt }: ReturnType<typeof useDraft>) {
  const t = useComposeText();
  const navigate = useNavigate();
  const launch = useLaunch();
  return async (): Promise<void> => {
    if (audience === null || message === null || startAt === null) return;
    const { priority, missing } = draft;
    const sent = await launch({ name, audience, message, priority, missing, ...startAt });
    if (sent === null) return;
    showToast({
      title: t('launched', { count: sent.recipients }),
      description: sent.skipped === 0 ? undefined : t('skipped', { count: sent.skipped }),
      tone: 'success',
    });
    await navigate({ to: '/campaigns', search: { id: sent.campaignId } });
  };
}

import { FlaskConical } from 'lucide-react';
import { useState } from 'react';
import type { CampaignId } from '@shared/domain/ids';
import { wordsOf } from '@renderer/platform/failure';
import { Button, Dialog, Notice, TextField } from '@renderer/ui';
import { type Judging, useTestOutcome, useTestSend } from './queries';
import { useComposeText } from './texts';

interface TestSendProps {
  readonly judging: Judging;
  /** Whose values are sent: the one that the preview shows. */
  readonly recipient: string | undefined;
}

/** Sends the message once to oneself, the way it will go to all, and says what became of it. */
export function TestSend({ judging, recipient }: TestSendProps) {
  const t = useComposeText();
  const [isOpen, setOpen] = useState(false);
  const [to, setTo] = useState('');
  const [campaignId, setCampaignId] = useState<CampaignId>();
  const test = useTestSend();
  const send = (): void =>
    test.mutate({ ...judging, to, recipient }, { onSuccess: (sent) => setCampaignId(sent.campaignId) });
  const isEmail = judging.message.channel === 'email';
  return (
    <>
      <Button size="sm" icon={FlaskConical} onClick={() => setOpen(true)}>
        {t('test.open')}
      </Button>
      <Dialog
        open={isOpen}
        onOpenChange={setOpen}
        title={t('test.title')}
        description={recipient === undefined ? t('test.hint') : t('test.hintOf', { recipient })}
        footer={
          <Button variant="primary" disabled={to.trim() === ''} busy={test.isPending} onClick={send}>
            {t('test.send')}
          </Button>
        }
      >
        <form
          className="flex flex-col gap-3"
          onSubmit={(event) => {
            event.preventDefault();
            send();
          }}
        >
          <TextField
            label={t(isEmail ? 'test.email' : 'test.phone')}
            mono
            placeholder={isEmail ? 'me@example.com' : '+966 51 234 5678'}
            error={test.error === null ? undefined : wordsOf(test.error).message}
            value={to}
            onChange={(event) => {
              setTo(event.target.value);
              test.reset();
            }}
          />
          <Outcome campaignId={campaignId} />
        </form>
      </Dialog>
    </>
  );
}

const GOOD = ['accepted', 'sent', 'delivered', 'read'];

function Outcome({ campaignId }: { readonly campaignId: CampaignId | undefined }) {
  const t = useComposeText();
  const outcome = useTestOutcome(campaignId);
  if (campaignId === undefined) return null;
  const delivery = outcome.data;
  if (!delivery) return <Notice tone="info">{t('test.waits')}</Notice>;
  const { state, reason, recipient } = delivery;
  if (GOOD.includes(state)) return <Notice tone="success">{t('test.accepted', { recipient })}</Notice>;
  if (state === 'failed' || state === 'unknown' || state === 'skipped' || state === 'cancelled') {
    return <Notice tone="danger">{reason ?? t('test.failed')}</Notice>;
  }
  return <Notice tone="info">{reason ?? t('test.waits')}</Notice>;
}

import type { Sender } from '@shared/contract/senders';
import { useFormat } from '@renderer/i18n/use-format';
import { Badge, Link, Notice, type Tone } from '@renderer/ui';
import type { CampaignDetail } from '@shared/contract/campaigns';
import { isOver } from '../figures';
import { useSenderOf } from './queries';
import { useSendersText } from './texts';

type Standing = 'paused' | 'held' | 'slowed' | 'full';

const tones: Readonly<Record<Standing, Tone>> = {
  paused: 'danger',
  held: 'warning',
  slowed: 'warning',
  full: 'success',
};

/** The gravest of what holds a sender back. */
function standingOf({ isPaused, heldUntil, slowed }: Sender): Standing {
  if (isPaused) return 'paused';
  if (heldUntil !== null) return 'held';
  return slowed === null ? 'full' : 'slowed';
}

export function SenderBadge({ sender }: { sender: Sender }) {
  const t = useSendersText();
  const standing = standingOf(sender);
  return <Badge tone={tones[standing]}>{t(`state.${standing}`)}</Badge>;
}

/** What holds a sender back, why, and until when; nothing where it may send at its full rate. */
export function SenderProblems({ sender }: { sender: Sender }) {
  const t = useSendersText();
  const format = useFormat();
  const { problem, heldUntil, slowed, channel, provider } = sender;
  return (
    <>
      {problem !== null && <Notice tone="danger">{problem}</Notice>}
      {heldUntil !== null && (
        <Notice tone="warning">
          {t(channel === 'email' && provider === 'resend' ? 'held' : 'heldOther', {
            until: format.clock(Date.parse(heldUntil)),
          })}
        </Notice>
      )}
      {slowed !== null && (
        <Notice tone="warning" title={<Cause code={slowed.code} />}>
          {t('slowedTo', {
            share: format.percent(sender.effectivePerSecond / sender.limit.perSecond, 0),
            since: format.clock(Date.parse(slowed.since)),
          })}
        </Notice>
      )}
    </>
  );
}

function Cause({ code }: { code: string }) {
  const t = useSendersText();
  if (code === '130429' || code === '80007' || code === '4') return t(`slowed.${code}`);
  return t('slowed.other', { code });
}

/** On a campaign: who it is sent through, and what that sender may do now. */
export function SenderLine({ campaign }: { campaign: CampaignDetail }) {
  const t = useSendersText();
  const format = useFormat();
  const { data } = useSenderOf(campaign.id, !isOver(campaign.state));
  const sender = data?.sender ?? null;
  if (sender === null) return null;
  return (
    <div className="flex flex-col gap-2 text-sm">
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <span className="text-ink-3">{t('line')}</span>
        <Link to="/senders">{sender.name}</Link>
        {!isOver(campaign.state) && (
          <>
            <SenderBadge sender={sender} />
            <span className="text-ink-2">
              {sender.heldUntil === null
                ? t('lineRate', { rate: format.rate(sender.effectivePerSecond) })
                : t('lineHeld', { until: format.clock(Date.parse(sender.heldUntil)) })}
            </span>
          </>
        )}
      </p>
      {(campaign.state === 'running' || campaign.state === 'paused') && <SenderProblems sender={sender} />}
    </div>
  );
}

import { RadioTower } from 'lucide-react';
import { useState } from 'react';
import type { Sender } from '@shared/contract/senders';
import { wordsOf } from '@renderer/platform/failure';
import { useFormat } from '@renderer/i18n/use-format';
import {
  Button,
  ButtonLink,
  Card,
  EmptyState,
  ErrorState,
  NumberField,
  Page as Screen,
  SkeletonLines,
} from '@renderer/ui';
import { useSenders, useSetLimit } from './queries';
import { SenderBadge, SenderProblems } from './standing';
import { useSendersText } from './texts';

/** Every sender with its limit, what is left of it, and what it really sends; the limit is edited live. */
export function Page() {
  const t = useSendersText();
  const { data, error, refetch } = useSenders();
  return (
    <Screen title={t('title')} hint={t('hint')} narrow>
      {error !== null && data === undefined ? (
        <ErrorState error={wordsOf(error)} onRetry={() => void refetch()} size="page" />
      ) : data === undefined ? (
        <SkeletonLines lines={6} />
      ) : data.senders.length === 0 ? (
        <EmptyState
          icon={RadioTower}
          title={t('empty')}
          description={t('emptyHint')}
          action={<ButtonLink to="/settings">{t('settings')}</ButtonLink>}
          size="page"
        />
      ) : (
        <ul className="flex flex-col gap-4">
          {data.senders.map((sender) => (
            <li key={sender.id}>
              <SenderCard sender={sender} />
            </li>
          ))}
        </ul>
      )}
    </Screen>
  );
}

function SenderCard({ sender }: { sender: Sender }) {
  const t = useSendersText();
  const format = useFormat();
  return (
    <Card
      title={sender.name}
      hint={sender.provider === 'sandbox' ? `${t(sender.channel)} · ${t('sandbox')}` : t(sender.channel)}
      actions={<SenderBadge sender={sender} />}
    >
      <div className="flex flex-col gap-3">
        <dl className="flex flex-wrap items-start gap-x-10 gap-y-3">
          {sender.heldUntil === null ? (
            <Figure label={t('allowed')} value={format.rate(sender.effectivePerSecond)} />
          ) : (
            <Figure
              label={t('allowed')}
              value={format.rate(0)}
              hint={t('allowedAgain', {
                rate: format.rate(sender.effectivePerSecond),
                at: format.clock(Date.parse(sender.heldUntil)),
              })}
            />
          )}
          <Figure
            label={t('measured')}
            value={format.rate(sender.measuredPerSecond)}
            hint={t('measuredHint')}
          />
        </dl>
        <Limit key={sender.limit.perSecond} sender={sender} />
        <SenderProblems sender={sender} />
      </div>
    </Card>
  );
}

function Figure({ label, value, hint }: { label: string; value: string; hint?: string }) {
  return (
    <div>
      <dt className="text-xs text-ink-3">{label}</dt>
      <dd className="tabular text-lg font-semibold">{value}</dd>
      {hint !== undefined && <dd className="text-xs text-ink-3">{hint}</dd>}
    </div>
  );
}

/** Set at a word and not while it is typed: workers follow at once. */
function Limit({ sender }: { sender: Sender }) {
  const t = useSendersText();
  const format = useFormat();
  const { limit } = sender;
  const [typed, setTyped] = useState<number | null>(limit.perSecond);
  const setLimit = useSetLimit(({ limit: { perSecond } }) =>
    t('saved', { address: sender.name, rate: format.rate(perSecond) }),
  );
  const isChanged = typed !== null && typed !== limit.perSecond;
  return (
    <form
      // Steps are counted from the least: a browser would refuse a whole number.
      noValidate
      className="flex flex-wrap items-start gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (isChanged) setLimit.mutate({ senderId: sender.id, perSecond: typed });
      }}
    >
      <div className="w-56">
        <NumberField
          label={t('limitOf', { address: sender.name })}
          hint={t(limit.isOwn ? 'own' : 'ofChannel')}
          unit={t('limitUnit')}
          min={0.1}
          max={1_000}
          step={1}
          format={{ maximumFractionDigits: 1 }}
          value={typed}
          onValueChange={setTyped}
        />
      </div>
      <div className="mt-5 flex gap-2">
        <Button type="submit" disabled={!isChanged} busy={setLimit.isPending}>
          {t('set')}
        </Button>
        {limit.isOwn && (
          <Button
            variant="ghost"
            disabled={setLimit.isPending}
            onClick={() => setLimit.mutate({ senderId: sender.id, perSecond: null })}
          >
            {t('reset')}
          </Button>
        )}
      </div>
    </form>
  );
}

import { useLocation } from '@tanstack/react-router';
import { Bell, BellOff, Check } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Incident } from '@shared/contract/alerts';
import { useIncidentActions } from '@renderer/alerts/incident-actions';
import { severityLooks, useIncidentTitle } from '@renderer/alerts/incident-words';
import { isWanting, useAlerts } from '@renderer/alerts/live';
import { useAlertWords } from '@renderer/alerts/texts';
import { useFormat } from '@renderer/i18n/use-format';
import { Button, ButtonLink, IconButton, Link, Popover, RelativeTime, useNow } from '@renderer/ui';
import { cx } from '@renderer/ui/cx';
import { textTone } from '@renderer/ui/tone';

const MAX_LISTED = 6;

/** How many alerts ask for somebody, all the time; on click which, each with its way and a way to take it on. */
export function AlertBell(): ReactNode {
  const t = useAlertWords();
  const format = useFormat();
  const live = useAlerts();
  const now = useNow(15_000);
  const { resumeTelling } = useIncidentActions();
  const place = useLocation({ select: ({ href }) => href });
  const open = live?.open ?? [];
  const wanting = open.filter((incident) => isWanting(incident, now)).length;
  const isPaused = live?.telling.pausedUntil ?? null;
  const Icon = isPaused === null ? Bell : BellOff;
  const label = wanting === 0 ? t('bell.none') : t('bell.count', { count: wanting });
  const isGrave = open.some((incident) => incident.severity === 'critical' && isWanting(incident, now));
  const button = (
    <button
      type="button"
      aria-label={`${t('bell.label')}: ${label}`}
      className="relative flex h-7 items-center gap-1 rounded-sm px-1.5 text-ink-2 hover:bg-hover hover:text-ink data-popup-open:bg-pressed"
    >
      <Icon size={16} aria-hidden />
      {wanting > 0 && (
        <span
          className={cx(
            'tabular rounded-full px-1.5 text-2xs font-semibold',
            isGrave ? 'bg-danger text-on-danger' : 'bg-hover text-ink ring-1 ring-line-control',
          )}
        >
          {format.compact(wanting)}
        </span>
      )}
    </button>
  );
  return (
    // Whoever follows one of its links is done with it.
    <Popover key={place} trigger={button} align="end" title={label}>
      <div className="flex w-88 flex-col gap-2">
        {open.length === 0 && <p className="text-ink-2">{t('bell.noneHint')}</p>}
        {live?.kept === false && <p className="text-xs text-ink-2">{t('bell.notKept')}</p>}
        {open.length > 0 && (
          <ul className="-mx-1 divide-y divide-line">
            {open.slice(0, MAX_LISTED).map((incident) => (
              <BellItem key={incident.id} incident={incident} now={now} />
            ))}
          </ul>
        )}
        {isPaused !== null && (
          <p className="flex items-center justify-between gap-2 text-xs text-ink-2">
            {t('bell.paused', { time: format.clock(Date.parse(isPaused)) })}
            <Button size="sm" onClick={() => void resumeTelling()}>
              {t('bell.resume')}
            </Button>
          </p>
        )}
        <div className="flex justify-end gap-2 border-t border-line pt-2">
          <ButtonLink size="sm" to="/alerts" search={{ tab: 'rules' }}>
            {t('bell.rules')}
          </ButtonLink>
          <ButtonLink size="sm" to="/alerts" search={{}}>
            {t('bell.all')}
          </ButtonLink>
        </div>
      </div>
    </Popover>
  );
}

function BellItem({ incident, now }: { incident: Incident; now: number }): ReactNode {
  const t = useAlertWords();
  const format = useFormat();
  const titleOf = useIncidentTitle();
  const { acknowledge } = useIncidentActions();
  const { tone, icon: Icon } = severityLooks[incident.severity];
  const { acknowledgedBy, acknowledgedAt, snoozedUntil } = incident;
  const title = titleOf(incident);
  return (
    <li className="flex items-start gap-2 px-1 py-1.5">
      <Icon
        size={14}
        role="img"
        aria-label={t(`severity.${incident.severity}`)}
        className={cx('mt-0.5 shrink-0', textTone[tone])}
      />
      <span className="min-w-0 flex-1">
        <Link to="/alerts" search={{ id: incident.id }}>
          {title}
        </Link>
        <span className="block text-xs text-ink-3">
          {acknowledgedAt !== null ? (
            t('bell.acknowledged', { name: acknowledgedBy ?? '' })
          ) : snoozedUntil !== null && Date.parse(snoozedUntil) > now ? (
            t('bell.snoozed', { time: format.clock(Date.parse(snoozedUntil)) })
          ) : (
            <RelativeTime at={Date.parse(incident.beganAt)} />
          )}
        </span>
      </span>
      {acknowledgedAt === null && (
        <IconButton
          icon={Check}
          size="sm"
          label={`${t('bell.acknowledge')}: ${title}`}
          onClick={() => void acknowledge(incident.id)}
        />
      )}
    </li>
  );
}

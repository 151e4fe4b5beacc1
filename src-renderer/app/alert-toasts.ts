import { useEffect, useRef } from 'react';
import type { AlertsLive, Incident } from '@shared/contract/alerts';
import { useIncidentTitle } from '@renderer/alerts/incident-words';
import { useAlerts } from '@renderer/alerts/live';
import { useAlertWords } from '@renderer/alerts/texts';
import { showToast } from '@renderer/ui';
import { router } from './router';

/** What began longer ago is no news in this window, in ms. */
const NEWS_MS = 60_000;
/** A rule over hundreds of queues may find all of them at once: a pile of notes tells less than their number. */
const MOST_AT_ONCE = 3;
const tones = { critical: 'danger', warning: 'warning', info: 'info' } as const;
/** What is critical stays until somebody closes it. */
const SHOWN_MS = { critical: 0, warning: 12_000, info: 8_000 } as const;

/** Incidents that are new since the last word, to be told to somebody who looks at this window. */
export const newsOf = (
  known: ReadonlySet<string>,
  { open }: Pick<AlertsLive, 'open'>,
  now: number,
): readonly Incident[] =>
  open.filter(
    ({ id, notify, openedAt, acknowledgedAt, snoozedUntil }) =>
      notify &&
      !known.has(id) &&
      acknowledgedAt === null &&
      (snoozedUntil === null || Date.parse(snoozedUntil) <= now) &&
      now - Date.parse(openedAt) < NEWS_MS,
  );

/**
 * Says in the window what has just gone wrong. Where the system's own notifications tell it while the window is not
 * in front, they do; a browser has none, and is told here in any case.
 */
export function useAlertToasts(): void {
  const t = useAlertWords();
  const titleOf = useIncidentTitle();
  const live = useAlerts();
  const known = useRef<Set<string> | null>(null);
  useEffect(() => {
    if (live === undefined) return;
    const before = known.current;
    known.current = new Set([...(before ?? []), ...live.open.map(({ id }) => id)]);
    // The first word is what stood there before: the bell shows it.
    if (before === null || (live.telling.desktop && !document.hasFocus())) return;
    const news = newsOf(before, live, Date.now());
    for (const incident of news.slice(0, MOST_AT_ONCE)) {
      showToast({
        title: titleOf(incident),
        description: incident.detail ?? incident.ruleName,
        tone: tones[incident.severity],
        timeout: SHOWN_MS[incident.severity],
        action: {
          label: t('show'),
          onAction: () => void router.navigate({ to: '/alerts', search: { id: incident.id } }),
        },
      });
    }
    const more = news.length - MOST_AT_ONCE;
    if (more <= 0) return;
    showToast({
      title: t('more', { count: more }),
      tone: 'warning',
      timeout: SHOWN_MS.warning,
      action: { label: t('show'), onAction: () => void router.navigate({ to: '/alerts' }) },
    });
  }, [live, t, titleOf]);
}

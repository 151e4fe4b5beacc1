import { describe, expect, it } from 'vitest';
import type { BoardAlerts } from '../notices/announcer';
import { trayLook, trayMenu, traySummary } from './tray-menu';

const calm: BoardAlerts = { open: [], pausedUntil: null, tray: true };
const alertOf = (index: number): BoardAlerts['open'][number] => ({
  title: `Queue ${index}: jobs & more fail`,
  severity: index === 0 ? 'critical' : 'warning',
  to: `/alerts?id=${index}`,
});
const withAlerts = (count: number): BoardAlerts => ({
  ...calm,
  open: Array.from({ length: count }, (_, index) => alertOf(index)),
});

/** The menu, its labels, and what a click on one of them does. */
const opened = (alerts: BoardAlerts) => {
  const done: string[] = [];
  const menu = trayMenu(alerts, {
    open: () => done.push('open'),
    show: (to) => done.push(`show ${to}`),
    pause: (minutes) => done.push(`pause ${String(minutes)}`),
    quit: () => done.push('quit'),
  });
  return {
    labels: menu.map(({ label, type }) => label ?? type),
    click: (label: string): string | undefined => {
      const entry = menu.find((each) => each.label === label);
      (entry?.click as (() => void) | undefined)?.();
      return done.at(-1);
    },
  };
};

describe('the menu of the tray', () => {
  it('says that all is well, opens the console, silences it for an hour, and ends it', () => {
    const { labels, click } = opened(calm);
    expect(labels).toEqual([
      'No open alerts',
      'separator',
      'Open Console',
      'Pause Notifications for 1 Hour',
      'separator',
      'Quit',
    ]);
    expect(click('Open Console')).toBe('open');
    expect(click('Pause Notifications for 1 Hour')).toBe('pause 60');
    expect(click('Quit')).toBe('quit');
    expect(trayLook(calm)).toBe('calm');
  });

  it('lists the open alerts, each of which leads to its incident, and counts those beyond eight', () => {
    const { labels, click } = opened(withAlerts(10));
    expect(labels.slice(0, 4)).toEqual([
      '10 open alerts',
      'Critical: Queue 0: jobs && more fail',
      'Queue 1: jobs && more fail',
      'Queue 2: jobs && more fail',
    ]);
    expect(labels).toContain('2 more…');
    expect(click('Queue 1: jobs && more fail')).toBe('show /alerts?id=1');
    expect(click('2 more…')).toBe('show /alerts');
    expect(trayLook(withAlerts(1))).toBe('alert');
    expect(traySummary(withAlerts(1))).toBe('1 open alert');
  });

  it('ends a silence, and says until when it lasts', () => {
    const paused = { ...calm, pausedUntil: '2026-01-01T12:30:00.000Z' };
    const { labels, click } = opened(paused);
    expect(labels[0]).toMatch(/^No open alerts, told again at \d{1,2}[:.]\d{2}/);
    expect(click('Resume Notifications')).toBe('pause null');
    expect(trayLook(paused)).toBe('paused');
    expect(trayLook({ ...withAlerts(1), pausedUntil: paused.pausedUntil })).toBe('alert');
  });
});

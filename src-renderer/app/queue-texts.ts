import { defineTexts } from '@renderer/i18n/i18n';

/** Words for pausing and resuming queues, wherever that is offered. */
export const useQueueText = defineTexts('queues', {
  en: {
    pause: 'Pause {{queue}}',
    resume: 'Resume {{queue}}',
    pauseAll: 'Pause all queues',
    resumeAll: 'Resume all queues',
    open: 'Show the jobs of {{queue}}',
    paused: '{{queue}} is paused',
    resumed: '{{queue}} runs again',
    pausedText: 'Running jobs end; no new one starts.',
    pausedAll_one: '{{count}} queue is paused',
    pausedAll_other: '{{count}} queues are paused',
    resumedAll_one: '{{count}} queue runs again',
    resumedAll_other: '{{count}} queues run again',
    undoPause: 'Resume',
    undoResume: 'Pause',
  },
  de: {
    pause: '{{queue}} anhalten',
    resume: '{{queue}} fortsetzen',
    pauseAll: 'Alle Warteschlangen anhalten',
    resumeAll: 'Alle Warteschlangen fortsetzen',
    open: 'Jobs von {{queue}} zeigen',
    paused: '{{queue}} ist angehalten',
    resumed: '{{queue}} läuft wieder',
    pausedText: 'Laufende Jobs werden beendet; neue beginnen nicht.',
    pausedAll_one: '{{count}} Warteschlange ist angehalten',
    pausedAll_other: '{{count}} Warteschlangen sind angehalten',
    resumedAll_one: '{{count}} Warteschlange läuft wieder',
    resumedAll_other: '{{count}} Warteschlangen laufen wieder',
    undoPause: 'Fortsetzen',
    undoResume: 'Anhalten',
  },
});

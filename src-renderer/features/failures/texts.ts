import { defineTexts } from '@renderer/i18n/i18n';

/** Words of the Failures screen. */
export const useFailuresText = defineTexts('failures', {
  en: {
    title: 'Failures',
    hint: 'Jobs that used up their attempts, newest first',
    filter: 'Queue',
    all: 'All queues',
    table: 'Failed jobs',
    column: {
      queue: 'Queue',
      name: 'Name',
      reason: 'What went wrong',
      attempts: 'Attempts',
      id: 'Id',
      failed: 'Failed',
    },
    selected_one: '{{count}} selected',
    selected_other: '{{count}} selected',
    clear: 'Clear selection',
    open: 'Open job',
    retry: 'Retry',
    remove: 'Remove',
    retryAll: 'Retry all',
    clean: 'Clean',
    empty: {
      title: 'Nothing has failed',
      description: 'A job appears here when its last attempt fails. You can then retry it or remove it.',
      filtered: 'No failed jobs in {{queue}}',
      showAll: 'Show all queues',
      overview: 'Go to the overview',
    },
    retryConfirm: {
      title_one: 'Retry {{count}} failed job?',
      title_other: 'Retry {{count}} failed jobs?',
      description:
        'Every failed job of {{queue}} waits for a worker again, with its payload unchanged. Cancelled jobs stay.',
      label_one: 'Retry {{count}} job',
      label_other: 'Retry {{count}} jobs',
    },
    removeConfirm: {
      title_one: 'Remove {{count}} failed job?',
      title_other: 'Remove {{count}} failed jobs?',
      description:
        'The payload, the logs and the stack traces are deleted from the queue. This cannot be undone.',
      label_one: 'Remove {{count}} job',
      label_other: 'Remove {{count}} jobs',
    },
    cleaning: {
      title: 'Clean failed jobs',
      description: 'Removes failed jobs of one queue that are older than a given age. This cannot be undone.',
      queue: 'Queue',
      count_one: '{{queue}} has {{count}} failed job.',
      count_other: '{{queue}} has {{count}} failed jobs.',
      age: 'Older than',
      label: 'Remove failed jobs',
      ages: { hour: '1 hour', day: '1 day', week: '7 days', month: '30 days', any: 'Any age' },
    },
    done: {
      retried_one: '{{count}} job is waiting again',
      retried_other: '{{count}} jobs are waiting again',
      removed_one: '{{count}} job removed',
      removed_other: '{{count}} jobs removed',
    },
    leftCancelled_one: '{{count}} cancelled job was left alone. Retry it by itself if you want it to run.',
    leftCancelled_other: '{{count}} cancelled jobs were left alone. Select the ones you want to run.',
    partly: '{{failed}} could not be changed: {{message}}',
  },
});

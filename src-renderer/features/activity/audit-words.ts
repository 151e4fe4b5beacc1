/** What an audited action is called; its code (`queues.pause`) stands beside it. English: see texts.ts. */
export const auditWords = {
  activity: { 'clean-up': 'Old job history cleaned up' },
  alerts: {
    'create-rule': 'Alert rule created',
    'change-rule': 'Alert rule changed',
    'remove-rule': 'Alert rule removed',
    'restore-rule': 'Removed alert rule brought back',
    acknowledge: 'Alert acknowledged',
    unacknowledge: 'Acknowledgement taken back',
    snooze: 'Alert snoozed',
    note: 'Note written on an alert',
  },
  campaigns: {
    launch: 'Campaign launched',
    pause: 'Campaign paused',
    resume: 'Campaign resumed',
    cancel: 'Campaign cancelled',
    'retry-failed': 'Failed messages retried',
    'pass-limit': 'WhatsApp’s limit passed over for those who waited',
    'resolve-unknown': 'Unknown deliveries settled',
    remove: 'Campaign removed',
    test: 'Test message sent',
    export: 'Deliveries exported',
  },
  contacts: { update: 'Contact corrected', 'opt-in': 'Contact opted in', 'opt-out': 'Contact opted out' },
  failures: { export: 'Failed jobs exported' },
  imports: {
    start: 'Import started',
    continue: 'Mended rows put into an import',
    pause: 'Import paused',
    resume: 'Import resumed',
    cancel: 'Import cancelled',
    undo: 'Import taken back',
  },
  mappings: { save: 'Column mapping saved', forget: 'Column mapping forgotten' },
  searches: { save: 'Search saved', rename: 'Saved search renamed', remove: 'Saved search removed' },
  operations: {
    start: 'Operation on jobs started',
    proceed: 'Operation went on after its first jobs',
    cancel: 'Operation on jobs cancelled',
    undo: 'Removal of jobs taken back',
    end: 'Operation on jobs ended',
  },
  jobSchedulers: {
    create: 'Job scheduler created',
    change: 'Job scheduler changed',
    run: 'Job of a scheduler added by hand',
    remove: 'Job scheduler removed',
  },
  queues: {
    add: 'Job added',
    editAndRetry: 'Job retried with another payload',
    cancel: 'Jobs cancelled',
    pause: 'Queue paused',
    promote: 'Delayed jobs moved up',
    remove: 'Jobs removed',
    resume: 'Queue resumed',
    'set-limits': 'Limits of a queue changed',
    retry: 'Jobs retried',
  },
  schedules: {
    create: 'Schedule created',
    change: 'Schedule changed',
    pause: 'Schedule paused',
    resume: 'Schedule resumed',
    run: 'Schedule run by hand',
    remove: 'Schedule removed',
    restore: 'Removed schedule brought back',
    'run-overdue': 'Overdue run begun',
    'skip-overdue': 'Overdue run skipped',
  },
  senders: {
    'set-limit': 'Limit of a sender changed',
    'set-messaging-limit': 'WhatsApp’s limit of 24 hours changed',
  },
  settings: { update: 'Settings changed' },
  templates: {
    save: 'Template saved',
    remove: 'Template removed',
    'bring-back': 'Removed template brought back',
    render: 'Template rendered for an audience',
    'cancel-render': 'Rendering cancelled',
  },
  workers: { configure: 'Workers set up', 'set-time-limit': 'Time limit of jobs changed' },
} as const satisfies Readonly<Record<string, Readonly<Record<string, string>>>>;

type AuditCode = {
  [D in keyof typeof auditWords]: `${D}.${keyof (typeof auditWords)[D] & string}`;
}[keyof typeof auditWords];

const codes: ReadonlySet<string> = new Set(
  Object.entries(auditWords).flatMap(([domain, verbs]) =>
    Object.keys(verbs).map((verb) => `${domain}.${verb}`),
  ),
);

/** Whether there are words for a code: a newer console, on another machine, may have written it. */
export const hasWords = (code: string): code is AuditCode => codes.has(code);

/** A code without words of its own, as words: `schedules.run-now` is "Schedules: run now". */
export function spelledOut(code: string): string {
  const [domain = '', ...verb] = code.split('.');
  const said = verb.join(' ').replaceAll('-', ' ');
  const name = domain.charAt(0).toUpperCase() + domain.slice(1);
  return said === '' ? name : `${name}: ${said}`;
}

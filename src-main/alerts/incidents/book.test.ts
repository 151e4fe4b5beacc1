import { expect, it } from 'vitest';
import type { AlertRule } from '@shared/contract/alerts';
import { IncidentBook, type BookParts } from './book';

it('takes the error of any program into the database: PostgreSQL knows no text with a NUL', () => {
  const book = new IncidentBook({ consoleId: 'here' } as BookParts);
  const condition: AlertRule['condition'] = {
    kind: 'failures',
    threshold: 1,
    windowMinutes: 5,
    scope: { of: 'each' },
  };
  const rule = { id: 'rule', name: 'Jobs fail', condition, severity: 'warning', notify: true } as AlertRule;
  const breach = { since: 0, firedAt: 0, value: 1, peak: 1, detail: 'paper\0 jam' };
  expect(book.begin(rule, { type: 'queue', queue: 'mail' }, breach).detail).toBe('paper jam');
});

import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { jobSubject } from './job-subject';

const owner = { organizationId: randomUUID(), userId: randomUUID() };
const batch = { ...owner, campaignId: randomUUID(), batchNo: 2, recipients: 1_000 };
const label = 'spring sale';

describe('the subject of a job', () => {
  it('names the campaign, the file or the template', () => {
    expect(jobSubject('bulk-messages', { ...batch, label })).toBe('spring sale · batch 3 · 1,000 recipients');
    expect(jobSubject('bulk-messages', { ...batch, batchNo: null, recipients: 1, label })).toBe(
      'spring sale · whole campaign · 1 recipient',
    );
    const email = { ...batch, type: 'campaign', label };
    expect(jobSubject('email-notification', email)).toBe('spring sale · batch 3 · 1,000 recipients');
    expect(jobSubject('email-notification', { ...email, type: 'password_reset' })).toBe(
      'spring sale · password reset · batch 3 · 1,000 recipients',
    );
    const rows = { ...owner, importId: randomUUID(), rows: 1_204, label: 'customers.csv' };
    expect(jobSubject('contact-import', rows)).toBe('customers.csv · 1,204 rows');
    expect(jobSubject('contact-import', { ...rows, rows: null })).toBe('customers.csv · contacts');
    const template = { ...owner, templateId: randomUUID(), version: 1, contactIds: [randomUUID()], label };
    expect(jobSubject('template-processing', template)).toBe('spring sale · 1 contact');
    const run = { runId: randomUUID(), batchNo: 1, contacts: 1_000 };
    expect(jobSubject('template-processing', { ...template, contactIds: [], run })).toBe(
      'spring sale · batch 2 · 1,000 contacts',
    );
  });

  it('says what an older job or another producer gives, and nothing of what is not ours', () => {
    expect(jobSubject('bulk-messages', batch)).toBe('Batch 3 · 1,000 recipients');
    expect(jobSubject('bulk-messages', { ...batch, label: 7 })).toBe('Batch 3 · 1,000 recipients');
    expect(jobSubject('email-notification', { ...batch, type: 'welcome' })).toBe(
      'Welcome · batch 3 · 1,000 recipients',
    );
    expect(jobSubject('bulk-messages', { contacts: [] })).toBeNull();
  });
});

import { describe, expect, it } from 'vitest';
import { RecipientList } from '@shared/contract/audiences';
import { audienceOf, newDraft, startOf } from './draft';
import { messageOf, withEmailType } from './message-draft';

const words = { needsText: 'Write something.', needsMedia: 'Give the address.', needsTemplate: 'Name it.' };
const importId = '7b0f3f9e-4f3e-4c9b-9a39-0d2b6a1f4c11';

describe('a draft', () => {
  it('is for everyone unless an import is named', () => {
    expect(audienceOf(newDraft('whatsapp', undefined))).toEqual({ kind: 'all', excludeTags: [] });
    expect(audienceOf(newDraft('whatsapp', importId))).toEqual({ kind: 'import', importId, excludeTags: [] });
  });

  it('has no audience until the tags are chosen', () => {
    const draft = { ...newDraft('whatsapp', undefined), audienceKind: 'tags' as const };
    expect(audienceOf(draft)).toBeNull();
    expect(audienceOf({ ...draft, tags: ['vip'] })).toMatchObject({ tags: ['vip'] });
  });

  it('names what a message lacks', () => {
    const draft = newDraft('whatsapp', undefined);
    expect(messageOf(draft, words).problems).toEqual({ body: words.needsText });
    expect(messageOf({ ...draft, type: 'image' }, words).problems).toEqual({ mediaUrl: words.needsMedia });
    expect(Object.keys(messageOf(newDraft('email', undefined), words).problems)).toEqual(['subject', 'body']);
  });

  it('sends audio without a caption', () => {
    const draft = { ...newDraft('whatsapp', undefined), type: 'audio' as const, body: 'x' };
    expect(messageOf({ ...draft, mediaUrl: 'https://example.org/a.mp3' }, words).message).toMatchObject({
      body: '',
    });
  });

  it('does not start in the past', () => {
    const draft = newDraft('whatsapp', undefined);
    expect(startOf(draft, 0)).toEqual({});
    expect(startOf({ ...draft, when: 'delay', delayMinutes: 2 }, 0)).toEqual({ delayMs: 120_000 });
    expect(startOf({ ...draft, when: 'at', at: '2020-01-01T10:00' }, Date.now())).toBeNull();
  });

  it('sends an approved template with its parameters', () => {
    const template = {
      name: 'order_ready',
      language: 'en_US',
      components: [{ type: 'body' as const, index: 0, parameters: [{ name: '', text: '{{name}}' }] }],
    };
    const draft = { ...newDraft('whatsapp', undefined), type: 'template' as const, template };
    expect(messageOf(draft, words).message).toMatchObject({
      type: 'template',
      template: { name: 'order_ready', components: [{ parameters: [{ name: null, text: '{{name}}' }] }] },
    });
    expect(messageOf({ ...draft, template: { ...template, name: '' } }, words).problems).toEqual({
      'template.name': words.needsTemplate,
    });
    expect(
      Object.keys(messageOf({ ...draft, template: { ...template, language: 'English' } }, words).problems),
    ).toEqual(['template.language']);
  });

  it('sends only what its kind has', () => {
    const draft = {
      ...newDraft('whatsapp', undefined),
      body: 'x',
      mediaUrl: 'https://example.org/a',
      fileName: 'a.pdf',
    };
    expect(messageOf(draft, words).message).toMatchObject({ type: 'text', mediaUrl: null, fileName: '' });
    const html = { ...newDraft('email', undefined), subject: 's', format: 'html' as const, html: '<p>h</p>' };
    expect(messageOf({ ...html, body: 'text' }, words).message).toMatchObject({ html: '<p>h</p>', body: '' });
    expect(messageOf({ ...html, twin: 'own' }, words).message).toMatchObject({
      html: '<p>h</p>',
      body: 'own',
    });
    expect(messageOf({ ...html, format: 'text', body: 'text' }, words).message).toMatchObject({
      html: null,
      body: 'text',
    });
  });

  it('begins with the words of its type, and keeps what was written', () => {
    const welcome = withEmailType(newDraft('email', undefined), 'welcome');
    expect(welcome).toMatchObject({ format: 'html', priority: 2, subject: 'Welcome, {{name|friend}}' });
    expect(withEmailType(welcome, 'system').subject).toBe('About the service');
    expect(withEmailType({ ...welcome, subject: 'Mine' }, 'system')).toMatchObject({
      emailType: 'system',
      subject: 'Mine',
    });
  });

  it('starts at a time by the clocks of the zone that was chosen', () => {
    const draft = { ...newDraft('whatsapp', undefined), when: 'at' as const, at: '2999-07-01T09:00' };
    expect(startOf({ ...draft, zone: 'Asia/Riyadh' }, 0)).toEqual({ startAt: '2999-07-01T06:00:00.000Z' });
    expect(startOf({ ...draft, zone: 'UTC' }, 0)).toEqual({ startAt: '2999-07-01T09:00:00.000Z' });
  });

  it('is for those who meet the conditions that are said, and for a list once it is taken in', () => {
    const draft = { ...newDraft('whatsapp', undefined), audienceKind: 'filter' as const };
    const fields = [
      { field: 'city', is: 'equals' as const, value: ' ' },
      { field: 'city', is: 'filled' as const, value: '' },
    ];
    expect(audienceOf({ ...draft, where: { ...draft.where, fields } })).toMatchObject({
      kind: 'filter',
      where: { fields: [{ is: 'filled' }] },
    });
    expect(audienceOf({ ...draft, audienceKind: 'paste' })).toBeNull();
    const pasted = RecipientList.parse({
      ...{ id: importId, name: 'Pasted list', source: 'pasted', fields: [] },
      ...{ entries: 1, invalid: 0, known: 1 },
    });
    const list = { kind: 'list', listId: importId, excludeTags: [] };
    expect(audienceOf({ ...draft, audienceKind: 'paste', pasted })).toEqual(list);
  });
});

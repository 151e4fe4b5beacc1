import { describe, expect, it } from 'vitest';
import { audienceOf, insertAt, messageOf, newDraft, startOf } from './draft';

const words = { needsText: 'Write something.', needsMedia: 'Give the address.' };
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

  it('takes a variable where the cursor is', () => {
    expect(insertAt('Hi !', '{{name}}', 3, 3)).toBe('Hi {{name}}!');
  });
});

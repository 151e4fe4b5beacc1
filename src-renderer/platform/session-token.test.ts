import { describe, expect, it } from 'vitest';
import { socketUrl } from './bridge';
import { sessionToken } from './session-token';

const storage = () => {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
};

describe('the token of a served console', () => {
  it('is taken from the address, removed from it and kept for the tab', () => {
    const kept = storage();
    const shown: string[] = [];
    const history = {
      replaceState: (_data: unknown, _title: string, url?: string | URL | null) =>
        void shown.push(String(url)),
    };
    const first = { href: 'http://127.0.0.1:4500/?token=s3cret&x=1#/jobs' };
    expect(sessionToken(first, kept, history)).toBe('s3cret');
    expect(shown).toEqual(['http://127.0.0.1:4500/?x=1#/jobs']);
    expect(sessionToken({ href: 'http://127.0.0.1:4500/#/jobs' }, kept, history)).toBe('s3cret');
  });

  it('is empty where there is none', () => {
    const history = { replaceState: () => undefined };
    expect(sessionToken({ href: 'app://bundle/index.html' }, storage(), history)).toBe('');
  });

  it('goes to the page’s own host and nowhere else', () => {
    expect(socketUrl({ protocol: 'http:', host: '127.0.0.1:4500' }, 'a+b')).toBe(
      'ws://127.0.0.1:4500/rpc?token=a%2Bb',
    );
    expect(socketUrl({ protocol: 'https:', host: 'console.test' }, '')).toBe('wss://console.test/rpc?token=');
  });
});

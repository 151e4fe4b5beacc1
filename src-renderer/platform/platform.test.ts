import { describe, expect, it } from 'vitest';
import { socketUrl } from './bridge';
import { looksLikeSpreadsheet } from './files';
import { resolveScheme } from './theme';

describe('theme', () => {
  it('follows the system only where the user has not chosen', () => {
    expect(resolveScheme('system', true)).toBe('dark');
    expect(resolveScheme('light', true)).toBe('light');
  });
});

describe('files', () => {
  it('are known by their ending, in any case', () => {
    expect(looksLikeSpreadsheet('Kontakte.XLSX')).toBe(true);
    expect(looksLikeSpreadsheet('contacts.csv.exe')).toBe(false);
  });
});

describe('socket', () => {
  it('is on the host that served the page', () => {
    expect(socketUrl({ protocol: 'http:', host: '127.0.0.1:4000' }, 'a+b')).toBe(
      'ws://127.0.0.1:4000/rpc?token=a%2Bb',
    );
    expect(socketUrl({ protocol: 'https:', host: 'console.local' }, 't')).toBe(
      'wss://console.local/rpc?token=t',
    );
  });
});

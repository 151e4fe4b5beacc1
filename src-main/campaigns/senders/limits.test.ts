import { describe, expect, it, vi } from 'vitest';
import { createSenderLimits } from './limits';

describe('the limits of senders', () => {
  it('say once that they cannot be read, keep the last ones, and are followed again afterwards', async () => {
    let read = (): Promise<Map<string, number>> => Promise.reject(new Error('no such column'));
    const limits = vi.fn(() => read());
    const report = vi.fn();
    const followed = createSenderLimits({ limits }, report, 5).follow('sender', 12.5);
    await vi.waitUntil(() => limits.mock.calls.length >= 3);
    expect(report).toHaveBeenCalledOnce();
    expect(followed.perSecond()).toBe(12.5);
    read = () => Promise.resolve(new Map([['sender', 3]]));
    await vi.waitUntil(() => followed.perSecond() === 3);
    followed.end();
  });

  it('say nothing of a database that is away: whoever sends finds out', async () => {
    const away = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    const limits = vi.fn(() => Promise.reject(away));
    const report = vi.fn();
    const followed = createSenderLimits({ limits }, report, 5).follow('sender', 12.5);
    await vi.waitUntil(() => limits.mock.calls.length >= 3);
    followed.end();
    expect(report).not.toHaveBeenCalled();
  });
});

import { describe, expect, it } from 'vitest';
import { Turns } from './turns';

/** A work that notes when it begins and ends, and ends when it is let. */
function workOf(name: string, log: string[]) {
  const [begun, ended] = [signalOf(), signalOf()];
  const work = async (): Promise<string> => {
    log.push(`${name} begins`);
    begun.give();
    await ended.given;
    log.push(`${name} ends`);
    return name;
  };
  return { work, begun: begun.given, end: ended.give };
}

function signalOf() {
  let give = (): void => undefined;
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { given, give: () => give() };
}

describe('works in turn', () => {
  it('are done one after the other, whatever becomes of the one before', async () => {
    const turns = new Turns();
    const log: string[] = [];
    const first = workOf('first', log);
    const second = workOf('second', log);
    const failed = turns.next(async () => {
      await first.work();
      throw new Error('broken');
    });
    const done = turns.next(second.work);
    second.end();
    first.end();
    await expect(failed).rejects.toThrow('broken');
    expect(await done).toBe('second');
    expect(log).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
  });

  it('let those in that are wanted soon, before the next one and where one pauses', async () => {
    const turns = new Turns();
    const log: string[] = [];
    const note = (text: string) => async (): Promise<string> => {
      await Promise.resolve();
      log.push(text);
      return text;
    };
    const [first, rest] = [workOf('first half', log), workOf('other half', log)];
    const long = turns.next(async () => {
      await first.work();
      await turns.pause();
      await rest.work();
    });
    const waits = turns.next(note('waits'));
    const before = turns.soon(note('before'));
    await first.begun;
    const broken = turns.soon(() => Promise.reject(new Error('broken')));
    const between = turns.soon(note('between'));
    first.end();
    await expect(broken).rejects.toThrow('broken');
    expect(await Promise.all([before, between])).toEqual(['before', 'between']);
    const late = turns.soon(note('late'));
    rest.end();
    await Promise.all([long, waits, late]);
    expect(log).toEqual([
      ...['before', 'first half begins', 'first half ends', 'between'],
      ...['other half begins', 'other half ends', 'late', 'waits'],
    ]);
    expect(await turns.soon(note('idle'))).toBe('idle');
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuzzyMatch } from './match';
import type { Command } from './registry';
import { searchCommands } from './search';

const command = (id: string, title: string, section: Command['section'], keywords?: string): Command => ({
  id,
  title,
  section,
  keywords,
  run: () => undefined,
});

const commands = [
  command('go.overview', 'Go to Overview', 'navigate'),
  command('go.jobs', 'Go to Jobs', 'navigate'),
  command('jobs.retry', 'Retry the selected jobs', 'page', 'again repeat'),
  command('shell.theme', 'Switch between light and dark', 'view', 'appearance'),
];

const titles = (query: string, recent: readonly string[] = []): string[] =>
  searchCommands(commands, query, recent).flatMap((group) => group.hits.map((hit) => hit.command.title));

describe('fuzzyMatch', () => {
  it('finds initials and runs, and refuses what is not there', () => {
    expect(fuzzyMatch('gj', 'Go to Jobs')?.positions).toEqual([0, 6]);
    expect(fuzzyMatch('jobs', 'Go to Jobs')?.positions).toEqual([6, 7, 8, 9]);
    expect(fuzzyMatch('jx', 'Go to Jobs')).toBeNull();
  });

  it('prefers a word start to a letter inside a word', () => {
    expect(fuzzyMatch('r', 'Retry')?.score ?? 0).toBeGreaterThan(fuzzyMatch('r', 'Overview')?.score ?? 0);
  });

  it('marks characters that spell the query, in order', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 40 }), (query, text) => {
        const found = fuzzyMatch(query, text);
        if (!found) return true;
        const wanted = query.trim().toLowerCase().replace(/\s+/g, '');
        const marked = found.positions.map((position) => text.toLowerCase()[position]).join('');
        return (
          marked === wanted &&
          found.positions.every((at, i) => i === 0 || at > (found.positions[i - 1] ?? -1))
        );
      }),
    );
  });

  it('finds every text by itself', () => {
    fc.assert(fc.property(fc.stringMatching(/^[a-z ]{1,30}$/), (text) => fuzzyMatch(text, text) !== null));
  });
});

describe('searchCommands', () => {
  it('shows the first of very many of a section, and says how many more there are', () => {
    const many = Array.from({ length: 600 }, (_, index) =>
      command(`q.${index}`, `Pause tenant ${index}`, 'queue'),
    );
    for (const query of ['', 'tenant']) {
      const [group] = searchCommands(many, query, []);
      expect(group?.hits).toHaveLength(25);
      expect(group?.more).toBe(575);
    }
    expect(searchCommands(many, 'tenant 599', [])[0]).toMatchObject({
      hits: [{ command: { id: 'q.599' } }],
      more: 0,
    });
  });

  it('shows recent commands first when nothing is typed, each command once', () => {
    expect(titles('', ['jobs.retry', 'gone'])[0]).toBe('Retry the selected jobs');
    expect(titles('', ['jobs.retry'])).toHaveLength(commands.length);
  });

  it('puts the best hit on top, so that Enter runs it', () => {
    expect(titles('jobs')[0]).toBe('Go to Jobs');
    expect(titles('retry')[0]).toBe('Retry the selected jobs');
  });

  it('finds a command by a word that is not in its title', () => {
    expect(titles('appearance')).toEqual(['Switch between light and dark']);
  });

  it('is empty where nothing matches', () => {
    expect(searchCommands(commands, 'zzz', [])).toEqual([]);
  });
});

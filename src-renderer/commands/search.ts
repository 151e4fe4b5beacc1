import { fuzzyMatch } from './match';
import { type Command, COMMAND_SECTIONS, type CommandSection } from './registry';

export interface CommandHit {
  readonly command: Command;
  /** Characters of the title to mark. */
  readonly positions: readonly number[];
}

export interface HitGroup {
  readonly section: CommandSection | 'recent';
  readonly hits: readonly CommandHit[];
  /** So many more are left out. */
  readonly more: number;
}

/** Lines of one section: of 200 queues there are 600, which nobody reads and which take half a second to draw. */
const MOST_OF_A_SECTION = 25;

const groupOf = (section: HitGroup['section'], hits: readonly CommandHit[]): HitGroup => ({
  section,
  hits: hits.slice(0, MOST_OF_A_SECTION),
  more: Math.max(0, hits.length - MOST_OF_A_SECTION),
});

interface Scored extends CommandHit {
  readonly score: number;
}

function scoreOf(command: Command, query: string): Scored | null {
  const title = fuzzyMatch(query, command.title);
  if (title) return { command, positions: title.positions, score: title.score };
  const keywords = command.keywords === undefined ? null : fuzzyMatch(query, command.keywords);
  // A keyword is worth less than the title that one sees.
  return keywords && { command, positions: [], score: keywords.score * 0.5 };
}

/**
 * What the palette shows. Without a query: the recent commands, then all by section. With one: by
 * section still, the section of the best hit first, so that Enter runs the best hit.
 */
export function searchCommands(
  commands: readonly Command[],
  query: string,
  recent: readonly string[],
): readonly HitGroup[] {
  if (query.trim() === '') return browse(commands, recent);
  const scored = commands
    .flatMap((command) => scoreOf(command, query) ?? [])
    .sort((a, b) => b.score - a.score);
  const sections = [...new Set(scored.map((hit) => hit.command.section))];
  return sections.map((section) =>
    groupOf(
      section,
      scored.filter((hit) => hit.command.section === section),
    ),
  );
}

function browse(commands: readonly Command[], recent: readonly string[]): readonly HitGroup[] {
  const plain = (command: Command): CommandHit => ({ command, positions: [] });
  const remembered = recent.flatMap((id) => commands.find((command) => command.id === id) ?? []);
  const rest = commands.filter((command) => !remembered.includes(command));
  const groups = [groupOf('recent', remembered.map(plain))];
  for (const section of COMMAND_SECTIONS) {
    groups.push(groupOf(section, rest.filter((command) => command.section === section).map(plain)));
  }
  return groups.filter((group) => group.hits.length > 0);
}

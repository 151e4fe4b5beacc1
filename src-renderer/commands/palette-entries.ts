import type { LucideIcon } from 'lucide-react';
import {
  BookUser,
  CalendarClock,
  ExternalLink,
  FileSpreadsheet,
  ListTree,
  Megaphone,
  NotebookPen,
} from 'lucide-react';
import type { FoundKind } from '@shared/contract/find';
import { addressOf, addressOfLink, targetOf } from '@shared/domain/console-link';
import type { HitGroup } from './search';
import type { FoundGroup } from './use-finder';

/** One line of the palette. */
export interface PaletteEntry {
  readonly key: string;
  readonly title: string;
  readonly detail?: string | undefined;
  /** Characters of the title to mark. */
  readonly positions: readonly number[];
  readonly icon?: LucideIcon | undefined;
  readonly shortcut?: string | undefined;
  readonly meant:
    | { readonly kind: 'command'; readonly id: string; readonly run: () => void }
    | { readonly kind: 'address'; readonly address: string };
}

export interface PaletteGroup {
  readonly key: string;
  readonly title: string;
  readonly entries: readonly PaletteEntry[];
  /** Says that there are more than are shown. */
  readonly note?: string | undefined;
}

const icons: Readonly<Record<FoundKind, LucideIcon>> = {
  job: ListTree,
  contact: BookUser,
  campaign: Megaphone,
  import: FileSpreadsheet,
  template: NotebookPen,
  schedule: CalendarClock,
};

/** Links to these are found as the things they are; any other link opens what it names. */
const THINGS: readonly string[] = ['job', 'contact', 'campaign', 'import', 'template', 'schedule'];

/** What a pasted text is: a link to a thing that has to be there, a link to a screen, or words. */
export function linkIn(text: string): 'thing' | { readonly address: string } | null {
  const target = targetOf(text);
  if (target !== null && THINGS.includes(target.kind)) return 'thing';
  const address = addressOfLink(text);
  return address === null ? null : { address };
}

export interface EntryTexts {
  readonly section: (section: HitGroup['section']) => string;
  readonly kind: (kind: FoundKind) => string;
  readonly openLink: string;
  readonly more: (count: number) => string;
}

/** All lines in the order they are shown: a link first, then commands, then what was found. */
export function paletteGroups(
  text: string,
  commands: readonly HitGroup[],
  found: readonly FoundGroup[],
  texts: EntryTexts,
): readonly PaletteGroup[] {
  const link = linkIn(text);
  const opened: PaletteGroup[] =
    link === null || link === 'thing'
      ? []
      : [
          {
            key: 'link',
            title: texts.openLink,
            entries: [
              {
                key: 'link',
                title: texts.openLink,
                detail: text,
                positions: [],
                icon: ExternalLink,
                meant: { kind: 'address', address: link.address },
              },
            ],
          },
        ];
  return [
    ...opened,
    ...commands.map(({ section, hits, more }) => ({
      key: `section.${section}`,
      title: texts.section(section),
      note: more === 0 ? undefined : texts.more(more),
      entries: hits.map(({ command, positions }) => ({
        key: command.id,
        title: command.title,
        positions,
        icon: command.icon,
        shortcut: command.shortcut,
        meant: { kind: 'command' as const, id: command.id, run: command.run },
      })),
    })),
    ...found.map((group) => ({
      key: `found.${group.kind}`,
      title: texts.kind(group.kind),
      entries: group.found.map((each) => {
        const address = addressOf(each.target);
        return {
          key: address,
          title: each.title,
          detail: each.detail ?? undefined,
          positions: [],
          icon: icons[each.kind],
          meant: { kind: 'address' as const, address },
        };
      }),
    })),
  ];
}

import { useMemo, useRef } from 'react';
import type { LucideIcon } from 'lucide-react';
import type { MenuGroups } from '@renderer/ui/menu';
import type { ActiveRow } from '@renderer/ui/table/types';
import { commandRegistry } from './registry';
import { useCommands } from './use-commands';

/** Something that can be done with one row of a list. */
export interface RowCommand<T> {
  /** Stable and unique: `jobs.row.retry`. */
  readonly id: string;
  /** As the palette and the native menu say it, where the row is not in sight: "Retry the job". */
  readonly title: string;
  /** As the row's own menu says it: "Retry". Without it, the title. */
  readonly label?: string | undefined;
  readonly icon?: LucideIcon | undefined;
  readonly shortcut?: string | undefined;
  readonly danger?: boolean | undefined;
  /** Rows of the menu with the same number stand together. */
  readonly group: number;
  /** False leaves it out for this row. */
  readonly when?: ((row: T) => boolean) | undefined;
  readonly run: (row: T) => void;
}

/** What a list takes so that its rows have commands: spread it over a DataTable or a RovingRows. */
export interface RowCommands<T> {
  readonly activeRow: ActiveRow<T>;
  readonly contextMenu: (row: T) => MenuGroups;
}

/**
 * Registers what can be done with the row that the keys stand on: by its key, from the palette, from the native
 * menu; and the same as the row's menu. `free` says whether the keys mean the row, and not a selection.
 */
export function useRowCommands<T>(
  commands: readonly RowCommand<T>[],
  free: () => boolean = () => true,
): RowCommands<T> {
  const read = useRef<(() => T | undefined) | null>(null);
  const activeRow = useMemo<ActiveRow<T>>(
    () => ({
      attach: (current) => {
        read.current = current;
        commandRegistry.touch();
        return () => {
          read.current = null;
          commandRegistry.touch();
        };
      },
      moved: () => commandRegistry.touch(),
    }),
    [],
  );
  const row = (): T | undefined => read.current?.();
  useCommands(
    commands.map(({ id, title, icon, shortcut, when, run }) => ({
      id,
      title,
      icon,
      shortcut,
      section: 'row' as const,
      when: () => {
        const active = row();
        return active !== undefined && free() && (when?.(active) ?? true);
      },
      run: () => {
        const active = row();
        if (active !== undefined) run(active);
      },
    })),
  );
  return {
    activeRow,
    contextMenu: (pointed) => {
      const usable = commands.filter(({ when }) => when?.(pointed) ?? true);
      const groups = [...new Set(usable.map(({ group }) => group))].sort((a, b) => a - b);
      return groups.map((group) =>
        usable
          .filter((command) => command.group === group)
          .map(({ id, title, label = title, icon, shortcut, danger, run }) => ({
            id,
            label,
            icon,
            shortcut,
            danger,
            onSelect: () => run(pointed),
          })),
      );
    },
  };
}

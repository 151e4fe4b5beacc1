import { useEffect, useRef, useSyncExternalStore } from 'react';
import { type Command, commandRegistry } from './registry';

/**
 * Registers a page's commands while it is mounted. Write the array inline: the latest `run` and `when`
 * are always the ones used, and the registry only changes when ids, titles or keys do.
 */
export function useCommands(commands: readonly Command[]): void {
  const latest = useRef(commands);
  useEffect(() => {
    latest.current = commands;
  });

  const signature = commands
    .map(({ id, title, section, shortcut, keywords }) =>
      [id, title, section, shortcut ?? '', keywords ?? ''].join('\u0000'),
    )
    .join('\u0001');

  useEffect(() => {
    const find = (id: string): Command | undefined => latest.current.find((command) => command.id === id);
    return commandRegistry.register(
      latest.current.map((command) => ({
        ...command,
        when: () => find(command.id)?.when?.() ?? true,
        run: () => find(command.id)?.run(),
      })),
    );
  }, [signature]);
}

/** Every registered command, live. */
export function useAllCommands(): readonly Command[] {
  return useSyncExternalStore(commandRegistry.subscribe, commandRegistry.all);
}

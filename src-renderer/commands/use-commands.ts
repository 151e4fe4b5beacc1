import { useEffect, useRef, useSyncExternalStore } from 'react';
import { type Command, commandRegistry } from './registry';

/**
 * Registers a page's commands while it is mounted. Write the array inline: the latest `run` and `when`
 * are always the ones used, and the registry only changes when ids, titles or keys do.
 */
export function useCommands(commands: readonly Command[]): void {
  const latest = useRef(byId(commands));
  useEffect(() => {
    latest.current = byId(commands);
    commandRegistry.touch();
  });

  const signature = commands
    .map(({ id, title, section, shortcut, keywords }) =>
      [id, title, section, shortcut ?? '', keywords ?? ''].join('\u0000'),
    )
    .join('\u0001');

  useEffect(() => {
    return commandRegistry.register(
      [...latest.current.values()].map((command) => ({
        ...command,
        when: () => latest.current.get(command.id)?.when?.() ?? true,
        run: () => latest.current.get(command.id)?.run(),
      })),
    );
  }, [signature]);
}

/** Of 200 queues there are 600 commands, and each is asked for with every change. */
const byId = (commands: readonly Command[]): ReadonlyMap<string, Command> =>
  new Map(commands.map((command) => [command.id, command]));

/** Every registered command, live. */
export function useAllCommands(): readonly Command[] {
  return useSyncExternalStore(commandRegistry.subscribe, commandRegistry.all);
}

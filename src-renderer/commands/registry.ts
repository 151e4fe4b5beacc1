import type { LucideIcon } from 'lucide-react';
import { type CommandSection, commandSections } from '@shared/contract/app';

/** Where a command stands in the palette and on the shortcut sheet, in this order. */
export const COMMAND_SECTIONS = commandSections;
export type { CommandSection };

/** Something the user can make happen, from the palette, a key, a menu. */
export interface Command {
  /** Stable and unique: `jobs.retry-selected`. */
  readonly id: string;
  /** Translated; a verb with its object. */
  readonly title: string;
  readonly section: CommandSection;
  readonly icon?: LucideIcon | undefined;
  /** `Mod+K`, `Shift+Enter`, `?`, or a sequence: `g o`. */
  readonly shortcut?: string | undefined;
  /** More words to find it by, not shown. */
  readonly keywords?: string | undefined;
  /** False hides it and frees its key. */
  readonly when?: (() => boolean) | undefined;
  readonly run: () => void;
}

type Listener = () => void;

/** All commands there are at this moment. Pages come and go, and their commands with them. */
class CommandRegistry {
  readonly #groups = new Map<symbol, readonly Command[]>();
  readonly #listeners = new Set<Listener>();
  #all: readonly Command[] = [];

  /** Adds a group; the returned function takes it away. A later group wins where ids or keys are the same. */
  register(commands: readonly Command[]): () => void {
    const group = Symbol('commands');
    this.#groups.set(group, commands);
    this.#changed();
    return () => {
      this.#groups.delete(group);
      this.#changed();
    };
  }

  /** The same array until something changes. */
  readonly all = (): readonly Command[] => this.#all;

  readonly subscribe = (listener: Listener): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Those that can run now. */
  available(): readonly Command[] {
    return this.#all.filter((command) => command.when?.() ?? true);
  }

  /** Tells that `when` of some command may answer differently now. */
  touch(): void {
    for (const listener of this.#listeners) listener();
  }

  #changed(): void {
    const byId = new Map<string, Command>();
    for (const group of this.#groups.values()) for (const command of group) byId.set(command.id, command);
    this.#all = [...byId.values()];
    this.touch();
  }
}

/** The window's one registry. */
export const commandRegistry = new CommandRegistry();

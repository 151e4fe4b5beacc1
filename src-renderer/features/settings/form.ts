import type { Settings } from '@shared/contract/settings';
import type { useSaveSettings } from './queries';

/** What every card of the settings works with. */
export interface SettingsCardProps {
  readonly settings: Settings;
  readonly save: ReturnType<typeof useSaveSettings>;
}

/** Fields of an object that differ from what they were; undefined where none does. */
export const changes = <T extends object>(before: T, after: T): Partial<T> | undefined => {
  const differing = Object.entries(after).filter(([key, value]) => Reflect.get(before, key) !== value);
  // Entries of T, filtered: still a part of T.
  return differing.length === 0 ? undefined : (Object.fromEntries(differing) as Partial<T>);
};

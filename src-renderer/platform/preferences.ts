import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import { z } from 'zod';

const schema = z.object({
  theme: z.enum(['light', 'dark', 'system']).default('system'),
  language: z.enum(['en', 'de', 'system']).default('system'),
  /** IANA zone; null follows the system. */
  timeZone: z.string().nullable().default(null),
  /** Null lets the window's width decide. */
  navCollapsed: z.boolean().nullable().default(null),
  /** Widths of resizable panels in pixels, by panel id. */
  panelWidths: z.record(z.string(), z.number()).default({}),
  /** Column widths in pixels, by table id and column id. */
  columnWidths: z.record(z.string(), z.record(z.string(), z.number())).default({}),
  /** Ids of the commands run last from the palette, newest first. */
  recentCommands: z.array(z.string()).default([]),
  /** Where the window was left: the hash, restored on the next start. */
  lastLocation: z.string().nullable().default(null),
});

/** What this user likes on this machine. Not data: losing it costs nothing but comfort. */
export type Preferences = z.output<typeof schema>;
export type ThemeChoice = Preferences['theme'];

interface PreferencesStore extends Preferences {
  readonly set: (change: Partial<Preferences>) => void;
  readonly setPanelWidth: (panelId: string, width: number) => void;
  readonly setColumnWidths: (tableId: string, widths: Readonly<Record<string, number>>) => void;
  readonly rememberCommand: (commandId: string) => void;
}

const RECENT_COMMANDS = 6;

/** Kept in localStorage. What is read back is parsed; a file from another version falls back to defaults. */
export const usePreferences = create<PreferencesStore>()(
  persist(
    (set) => ({
      ...schema.parse({}),
      set: (change) => set(change),
      setPanelWidth: (panelId, width) =>
        set((state) => ({ panelWidths: { ...state.panelWidths, [panelId]: width } })),
      setColumnWidths: (tableId, widths) =>
        set((state) => ({ columnWidths: { ...state.columnWidths, [tableId]: { ...widths } } })),
      rememberCommand: (commandId) =>
        set((state) => ({
          recentCommands: [commandId, ...state.recentCommands.filter((id) => id !== commandId)].slice(
            0,
            RECENT_COMMANDS,
          ),
        })),
    }),
    {
      name: 'adsapp.preferences',
      version: 1,
      partialize: (state): Preferences => schema.parse(state),
      merge: (stored, current) => {
        const parsed = schema.safeParse(stored ?? {});
        return parsed.success ? { ...current, ...parsed.data } : current;
      },
    },
  ),
);

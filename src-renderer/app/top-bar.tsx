import {
  Keyboard,
  Monitor,
  Moon,
  PanelLeftClose,
  PanelLeftOpen,
  Search,
  ShieldAlert,
  Sun,
} from 'lucide-react';
import { usePreferences } from '@renderer/platform/preferences';
import { IconButton } from '@renderer/ui/button';
import { cx } from '@renderer/ui/cx';
import { KeyHint } from '@renderer/ui/key-hint';
import { Menu } from '@renderer/ui/menu';
import { useShellSlots } from './shell-slots';
import { useShellText } from './texts';

interface TopBarProps {
  collapsed: boolean;
  onToggleNav: () => void;
  onOpenPalette: () => void;
  onOpenShortcuts: () => void;
}

/** Where one is connected, how it is, and the way to every command. Wears red while it is production. */
export function TopBar({ collapsed, onToggleNav, onOpenPalette, onOpenShortcuts }: TopBarProps) {
  const t = useShellText();
  const { engine, profile, alerts } = useShellSlots();
  const production = profile?.production === true;
  return (
    <header
      className={cx(
        'grid h-11 shrink-0 grid-cols-[minmax(max-content,1fr)_minmax(10rem,26rem)_minmax(max-content,1fr)] items-center gap-3 border-b bg-surface px-2',
        production ? 'border-t-3 border-t-production border-b-line' : 'border-line',
      )}
    >
      <div className="flex min-w-0 items-center gap-2">
        <IconButton
          icon={collapsed ? PanelLeftOpen : PanelLeftClose}
          label={collapsed ? t('expand') : t('collapse')}
          shortcut="Mod+B"
          onClick={onToggleNav}
        />
        <Mark />
        <span className="truncate text-sm font-semibold tracking-tight">
          ADSapp <span className="font-normal text-ink-3">{t('product')}</span>
        </span>
      </div>
      <button
        type="button"
        onClick={onOpenPalette}
        className="flex h-7.5 min-w-0 items-center gap-2 rounded-md border border-line bg-canvas px-2.5 text-sm text-ink-3 hover:border-line-control"
      >
        <Search size={14} aria-hidden />
        <span className="min-w-0 flex-1 truncate text-left">{t('search')}</span>
        <KeyHint keys="Mod+K" />
      </button>
      <div className="flex items-center justify-end gap-1">
        {profile && <ProfileChip {...profile} />}
        {engine}
        {alerts}
        <IconButton icon={Keyboard} label={t('shortcuts')} shortcut="?" onClick={onOpenShortcuts} />
        <ThemeMenu />
      </div>
    </header>
  );
}

/** The product's sign: a queue, one message ahead. */
function Mark() {
  return (
    <svg width="20" height="20" viewBox="0 0 20 20" className="shrink-0" aria-hidden>
      <rect width="20" height="20" rx="5" className="fill-accent" />
      <path
        d="M5 6.2h6M5 10h10M5 13.8h6"
        className="stroke-on-accent"
        strokeWidth="1.9"
        strokeLinecap="round"
      />
    </svg>
  );
}

function ProfileChip({ name, production }: { name: string; production: boolean }) {
  const t = useShellText();
  if (!production) return <span className="max-w-40 truncate px-2 text-xs text-ink-2">{name}</span>;
  return (
    <span className="mr-1 flex h-6 max-w-56 items-center gap-1.5 rounded-sm bg-production px-2 text-xs font-semibold text-on-production">
      <ShieldAlert size={13} className="shrink-0" aria-hidden />
      <span className="truncate">
        {t('production')}: {name}
      </span>
    </span>
  );
}

function ThemeMenu() {
  const t = useShellText();
  const theme = usePreferences((state) => state.theme);
  const set = usePreferences((state) => state.set);
  const Icon = { light: Sun, dark: Moon, system: Monitor }[theme];
  return (
    <Menu
      align="end"
      groups={[
        [
          { id: 'light', label: t('theme.light'), icon: Sun, onSelect: () => set({ theme: 'light' }) },
          { id: 'dark', label: t('theme.dark'), icon: Moon, onSelect: () => set({ theme: 'dark' }) },
          { id: 'system', label: t('theme.system'), icon: Monitor, onSelect: () => set({ theme: 'system' }) },
        ],
      ]}
    >
      <IconButton icon={Icon} label={`${t('theme.button')}: ${t(`theme.${theme}`)}`} />
    </Menu>
  );
}

import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import { cx } from '@renderer/ui/cx';
import { Tooltip } from '@renderer/ui/tooltip';
import { useFormat } from '@renderer/i18n/use-format';
import { NAV_GROUPS, type NavEntry } from './navigation';
import { useShellFigures } from './shell-slots';
import { useShellText } from './texts';

interface NavProps {
  entries: readonly NavEntry[];
  collapsed: boolean;
}

/** The screens, grouped by what one comes for. */
export function Nav({ entries, collapsed }: NavProps) {
  const t = useShellText();
  return (
    <nav
      aria-label={t('navigation')}
      className={cx(
        'flex shrink-0 flex-col gap-4 overflow-x-hidden overflow-y-auto border-r border-line bg-canvas py-3 transition-[width] duration-150',
        collapsed ? 'w-13 px-2' : 'w-50 px-2.5',
      )}
    >
      {NAV_GROUPS.map((group) => {
        const own = entries.filter((entry) => entry.group === group);
        return (
          own.length > 0 && (
            <div key={group} className={cx(group === 'system' && 'mt-auto')}>
              <div className={cx('mb-1 px-2 text-2xs font-medium text-ink-3', collapsed && 'sr-only')}>
                {t(`group.${group}`)}
              </div>
              <ul className="flex flex-col gap-px">
                {own.map((entry) => (
                  <li key={entry.key}>
                    <NavLink entry={entry} collapsed={collapsed} />
                  </li>
                ))}
              </ul>
            </div>
          )
        );
      })}
    </nav>
  );
}

interface NavLinkProps {
  readonly entry: NavEntry;
  readonly collapsed: boolean;
}

const NavLink = memo(function NavLink({ entry, collapsed }: NavLinkProps) {
  const t = useShellText();
  const { icon: Icon, key, path, shortcut } = entry;
  const link = (
    <Link
      to={path}
      activeOptions={{ exact: path === '/', includeSearch: false }}
      aria-label={collapsed ? t(`nav.${key}`) : undefined}
      className={cx(
        'group relative flex h-8 items-center gap-2.5 rounded-md text-sm text-ink-2 hover:bg-hover hover:text-ink',
        'data-[status=active]:bg-selected data-[status=active]:font-medium data-[status=active]:text-accent-text',
        collapsed ? 'justify-center' : 'px-2',
      )}
    >
      <Icon size={16} strokeWidth={1.8} className="shrink-0" aria-hidden />
      {!collapsed && <span className="min-w-0 flex-1 truncate">{t(`nav.${key}`)}</span>}
      <NavCount of={key} collapsed={collapsed} />
    </Link>
  );
  if (!collapsed) return link;
  return (
    <Tooltip label={t(`nav.${key}`)} shortcut={shortcut} side="right">
      {link}
    </Tooltip>
  );
});

/** Apart, because it changes with the queues: the links around it do not. */
function NavCount({ of, collapsed }: { of: NavEntry['key']; collapsed: boolean }) {
  const format = useFormat();
  const { badges } = useShellFigures();
  const count = badges?.[of] ?? 0;
  if (count === 0) return null;
  return (
    <span
      className={cx(
        'tabular rounded-full bg-danger px-1.5 text-2xs font-semibold text-on-danger',
        collapsed && 'absolute -top-0.5 -right-1 z-10 scale-80 ring-2 ring-canvas',
      )}
    >
      {format.compact(count)}
    </span>
  );
}

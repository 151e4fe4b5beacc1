import { ContextMenu as BaseContextMenu } from '@base-ui/react/context-menu';
import { Menu as BaseMenu } from '@base-ui/react/menu';
import type { LucideIcon } from 'lucide-react';
import type { ReactElement } from 'react';
import { cx } from './cx';
import { KeyHint } from './key-hint';

export interface MenuAction {
  readonly id: string;
  readonly label: string;
  readonly icon?: LucideIcon | undefined;
  readonly shortcut?: string | undefined;
  readonly disabled?: boolean | undefined;
  /** Red: it destroys. Still asks before it does. */
  readonly danger?: boolean | undefined;
  readonly onSelect: () => void;
}

/** Actions in groups; a line is drawn between groups. */
export type MenuGroups = readonly (readonly MenuAction[])[];

function Actions({ groups }: { groups: MenuGroups }) {
  return groups
    .filter((group) => group.length > 0)
    .map((group, index) => (
      <BaseMenu.Group key={group[0]?.id}>
        {index > 0 && <BaseMenu.Separator className="mx-1 my-1 h-px bg-line" />}
        {group.map(({ id, label, icon: Icon, shortcut, disabled, danger, onSelect }) => (
          <BaseMenu.Item
            key={id}
            disabled={disabled}
            onClick={onSelect}
            className={cx(
              'flex h-7 cursor-default items-center gap-2 rounded-sm px-2 text-sm outline-none select-none',
              danger === true
                ? 'text-danger-text data-highlighted:bg-danger-soft'
                : 'data-highlighted:bg-pressed',
              'data-disabled:text-ink-disabled',
            )}
          >
            <span className={cx('flex w-4 justify-center', danger !== true && 'text-ink-3')}>
              {Icon && <Icon size={14} aria-hidden />}
            </span>
            <span className="flex-1 truncate pr-6">{label}</span>
            {shortcut !== undefined && <KeyHint keys={shortcut} />}
          </BaseMenu.Item>
        ))}
      </BaseMenu.Group>
    ));
}

const popupClass = 'floating max-h-[var(--available-height)] min-w-48 overflow-y-auto p-1 outline-none';

interface MenuProps {
  groups: MenuGroups;
  align?: 'start' | 'center' | 'end' | undefined;
  /** The button that opens it. */
  children: ReactElement;
}

/** A list of actions behind a button. */
export function Menu({ groups, align = 'start', children }: MenuProps) {
  return (
    <BaseMenu.Root>
      <BaseMenu.Trigger render={children} />
      <BaseMenu.Portal>
        <BaseMenu.Positioner align={align} sideOffset={4} className="z-50 outline-none">
          <BaseMenu.Popup className={popupClass}>
            <Actions groups={groups} />
          </BaseMenu.Popup>
        </BaseMenu.Positioner>
      </BaseMenu.Portal>
    </BaseMenu.Root>
  );
}

/** The same list on right click or the menu key, around an area. */
export function ContextMenu({ groups, children }: Omit<MenuProps, 'align'>) {
  return (
    <BaseContextMenu.Root>
      <BaseContextMenu.Trigger render={children} />
      <BaseContextMenu.Portal>
        <BaseContextMenu.Positioner className="z-50 outline-none">
          <BaseContextMenu.Popup className={popupClass}>
            <Actions groups={groups} />
          </BaseContextMenu.Popup>
        </BaseContextMenu.Positioner>
      </BaseContextMenu.Portal>
    </BaseContextMenu.Root>
  );
}

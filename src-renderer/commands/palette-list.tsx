import { CornerDownLeft } from 'lucide-react';
import type { ReactNode } from 'react';
import { cx } from '@renderer/ui/cx';
import { KeyHint } from '@renderer/ui/key-hint';
import type { PaletteEntry, PaletteGroup } from './palette-entries';

interface PaletteListProps {
  readonly id: string;
  readonly label: string;
  readonly groups: readonly PaletteGroup[];
  readonly current: number;
  readonly onHover: (index: number) => void;
  readonly onRun: (entry: PaletteEntry) => void;
  /** Shown where there are no lines. */
  readonly empty: ReactNode;
}

export const optionId = (listId: string, index: number): string => `${listId}-${index}`;

/** The lines of the palette by group; the input above says which one is meant. */
export function PaletteList({ id, label, groups, current, onHover, onRun, empty }: PaletteListProps) {
  const starts = groups.map((_, at) =>
    groups.slice(0, at).reduce((sum, { entries }) => sum + entries.length, 0),
  );
  return (
    <div id={id} role="listbox" aria-label={label} className="h-[min(24rem,60vh)] overflow-y-auto p-1.5">
      {groups.length === 0 && empty}
      {groups.map((group, at) => (
        <div key={group.key} role="group" aria-label={group.title} className="mb-1">
          <div className="px-2.5 pt-2 pb-1 text-2xs font-medium text-ink-3" aria-hidden>
            {group.title}
          </div>
          {group.entries.map((entry, offset) => {
            const index = (starts[at] ?? 0) + offset;
            return (
              <PaletteOption
                key={entry.key}
                id={optionId(id, index)}
                entry={entry}
                active={index === current}
                onHover={() => onHover(index)}
                onRun={() => onRun(entry)}
              />
            );
          })}
          {group.note !== undefined && (
            <div className="px-2.5 pt-1 pb-2 text-xs text-ink-3" aria-hidden>
              {group.note}
            </div>
          )}
        </div>
      ))}
    </div>
  );
}

interface OptionProps {
  readonly id: string;
  readonly entry: PaletteEntry;
  readonly active: boolean;
  readonly onHover: () => void;
  readonly onRun: () => void;
}

function PaletteOption({ id, entry, active, onHover, onRun }: OptionProps) {
  const { icon: Icon = CornerDownLeft, title, detail, positions, shortcut } = entry;
  return (
    <div
      id={id}
      role="option"
      aria-selected={active}
      onPointerMove={onHover}
      onClick={onRun}
      className={cx(
        'flex h-9 cursor-default items-center gap-3 rounded-md px-2.5 text-sm',
        active && 'bg-selected',
      )}
    >
      <Icon size={15} className={cx('shrink-0', active ? 'text-accent-text' : 'text-ink-3')} aria-hidden />
      <span className="min-w-0 flex-1 truncate">
        {positions.length === 0
          ? title
          : Array.from(title, (character, index) =>
              positions.includes(index) ? (
                <b key={index} className="font-semibold text-accent-text">
                  {character}
                </b>
              ) : (
                character
              ),
            )}
      </span>
      {detail !== undefined && (
        <span className="max-w-[45%] shrink-0 truncate text-xs text-ink-2">{detail}</span>
      )}
      {shortcut !== undefined && <KeyHint keys={shortcut} />}
    </div>
  );
}

import { Dialog } from '@base-ui/react/dialog';
import { CornerDownLeft, Search } from 'lucide-react';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { usePreferences } from '@renderer/platform/preferences';
import { cx } from '@renderer/ui/cx';
import { backdropClass, dialogPopupClass, dialogViewportClass } from '@renderer/ui/dialog';
import { KeyHint } from '@renderer/ui/key-hint';
import { commandRegistry } from './registry';
import { type CommandHit, searchCommands } from './search';
import { useCommandTexts } from './texts';
import { useAllCommands } from './use-commands';

interface PaletteProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** Every command by name, without the mouse. */
export function CommandPalette({ open, onOpenChange }: PaletteProps) {
  const t = useCommandTexts();
  const input = useRef<HTMLInputElement>(null);
  return (
    <Dialog.Root open={open} onOpenChange={(next) => onOpenChange(next)}>
      <Dialog.Portal>
        <Dialog.Backdrop className={backdropClass} />
        <Dialog.Viewport className={dialogViewportClass}>
          <Dialog.Popup
            initialFocus={input}
            aria-label={t('palette')}
            className={cx(dialogPopupClass, 'max-w-xl')}
          >
            <PaletteBody inputRef={input} close={() => onOpenChange(false)} />
          </Dialog.Popup>
        </Dialog.Viewport>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function PaletteBody({
  inputRef,
  close,
}: {
  inputRef: React.RefObject<HTMLInputElement | null>;
  close: () => void;
}) {
  const t = useCommandTexts();
  const listId = useId();
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const recent = usePreferences((state) => state.recentCommands);
  const remember = usePreferences((state) => state.rememberCommand);
  useAllCommands();
  const groups = searchCommands(commandRegistry.available(), query, recent);
  const hits = groups.flatMap((group) => group.hits);
  const current = Math.min(active, hits.length - 1);
  const optionId = (index: number): string => `${listId}-${index}`;

  useEffect(() => {
    document.getElementById(`${listId}-${current}`)?.scrollIntoView({ block: 'nearest' });
  }, [listId, current]);

  const run = (hit: CommandHit | undefined): void => {
    if (!hit) return;
    remember(hit.command.id);
    close();
    // After the dialog has given the focus back, so that a command may move it.
    setTimeout(() => hit.command.run());
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    const last = hits.length - 1;
    const next: Readonly<Record<string, number>> = {
      ArrowDown: current === last ? 0 : current + 1,
      ArrowUp: current <= 0 ? last : current - 1,
      PageDown: Math.min(last, current + 8),
      PageUp: Math.max(0, current - 8),
    };
    const target = next[event.key];
    if (target !== undefined) {
      event.preventDefault();
      setActive(target);
    } else if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
      event.preventDefault();
      run(hits[current]);
    }
  };

  return (
    <>
      <div className="flex h-12 items-center gap-3 border-b border-line px-4">
        <Search size={16} className="shrink-0 text-ink-3" aria-hidden />
        <input
          ref={inputRef}
          role="combobox"
          aria-expanded
          aria-controls={listId}
          aria-activedescendant={hits.length > 0 ? optionId(current) : undefined}
          aria-label={t('placeholder')}
          placeholder={t('placeholder')}
          spellCheck={false}
          autoComplete="off"
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
          className="h-full min-w-0 flex-1 bg-transparent text-md outline-none"
        />
        <KeyHint keys="Escape" />
      </div>
      <div
        id={listId}
        role="listbox"
        aria-label={t('palette')}
        className="h-[min(24rem,60vh)] overflow-y-auto p-1.5"
      >
        {hits.length === 0 && (
          <div className="py-12 text-center">
            <p className="text-sm">{t('nothing', { query })}</p>
            <p className="mt-1 text-xs text-ink-3">{t('nothingHint')}</p>
          </div>
        )}
        {groups.map((group) => (
          <div key={group.section} role="group" aria-label={t(`section.${group.section}`)} className="mb-1">
            <div className="px-2.5 pt-2 pb-1 text-2xs font-medium text-ink-3" aria-hidden>
              {t(`section.${group.section}`)}
            </div>
            {group.hits.map((hit) => {
              const index = hits.indexOf(hit);
              return (
                <PaletteOption
                  key={hit.command.id}
                  id={optionId(index)}
                  hit={hit}
                  active={index === current}
                  onHover={() => setActive(index)}
                  onRun={() => run(hit)}
                />
              );
            })}
          </div>
        ))}
      </div>
      <footer className="flex items-center gap-4 border-t border-line bg-canvas px-4 py-2 text-xs text-ink-3">
        <span className="flex items-center gap-1.5">
          <KeyHint keys="ArrowUp ArrowDown" /> {t('move')}
        </span>
        <span className="flex items-center gap-1.5">
          <KeyHint keys="Enter" /> {t('run')}
        </span>
        <span className="flex items-center gap-1.5">
          <KeyHint keys="Escape" /> {t('leave')}
        </span>
      </footer>
    </>
  );
}

interface OptionProps {
  id: string;
  hit: CommandHit;
  active: boolean;
  onHover: () => void;
  onRun: () => void;
}

function PaletteOption({ id, hit, active, onHover, onRun }: OptionProps) {
  const { icon: Icon = CornerDownLeft, title, shortcut } = hit.command;
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
      <Icon size={15} className={active ? 'text-accent-text' : 'text-ink-3'} aria-hidden />
      <span className="min-w-0 flex-1 truncate">
        {hit.positions.length === 0
          ? title
          : Array.from(title, (character, index) =>
              hit.positions.includes(index) ? (
                <b key={index} className="font-semibold text-accent-text">
                  {character}
                </b>
              ) : (
                character
              ),
            )}
      </span>
      {shortcut !== undefined && <KeyHint keys={shortcut} />}
    </div>
  );
}

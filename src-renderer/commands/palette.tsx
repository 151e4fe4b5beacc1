import { Dialog } from '@base-ui/react/dialog';
import { Search } from 'lucide-react';
import { type DragEvent, type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { lineOf } from '@shared/domain/console-link';
import { usePreferences } from '@renderer/platform/preferences';
import { cx } from '@renderer/ui/cx';
import { backdropClass, dialogPopupClass, dialogViewportClass } from '@renderer/ui/dialog';
import { KeyHint } from '@renderer/ui/key-hint';
import { linkIn, type PaletteEntry, paletteGroups } from './palette-entries';
import { optionId, PaletteList } from './palette-list';
import { commandRegistry } from './registry';
import { searchCommands } from './search';
import { useCommandTexts } from './texts';
import { useAllCommands } from './use-commands';
import { useFinder } from './use-finder';

interface PaletteProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  /** Shows an address of the window. */
  readonly onAddress: (address: string) => void;
}

/** Every command by name, and everything there is by its id, link, name, phone or email, without the mouse. */
export function CommandPalette({ open, onOpenChange, onAddress }: PaletteProps) {
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
            <PaletteBody inputRef={input} close={() => onOpenChange(false)} onAddress={onAddress} />
          </Dialog.Popup>
        </Dialog.Viewport>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

interface BodyProps extends Pick<PaletteProps, 'onAddress'> {
  readonly inputRef: React.RefObject<HTMLInputElement | null>;
  readonly close: () => void;
}

function PaletteBody({ inputRef, close, onAddress }: BodyProps) {
  const t = useCommandTexts();
  const listId = useId();
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const recent = usePreferences((state) => state.recentCommands);
  const remember = usePreferences((state) => state.rememberCommand);
  useAllCommands();
  const finding = useFinder(query);
  const groups = paletteGroups(
    query.trim(),
    searchCommands(commandRegistry.available(), query, recent),
    finding.groups,
    {
      section: (section) => t(`section.${section}`),
      kind: (kind) => t(`kind.${kind}`),
      openLink: t('openLink'),
      more: (count) => t('more', { count }),
    },
  );
  const entries = groups.flatMap((group) => group.entries);
  const current = Math.min(active, entries.length - 1);

  useEffect(() => {
    document.getElementById(optionId(listId, current))?.scrollIntoView({ block: 'nearest' });
  }, [listId, current]);

  const search = (text: string): void => {
    setQuery(text);
    setActive(0);
  };

  const run = (entry: PaletteEntry | undefined): void => {
    if (!entry) return;
    const { meant } = entry;
    if (meant.kind === 'command') remember(meant.id);
    close();
    // After the dialog has given the focus back, so that a command may move it.
    setTimeout(() => (meant.kind === 'command' ? meant.run() : onAddress(meant.address)));
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    const last = entries.length - 1;
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
      run(entries[current]);
    }
  };

  const onDrop = (event: DragEvent): void => {
    const line = lineOf(event.dataTransfer.getData('text/plain'));
    if (line === '') return;
    event.preventDefault();
    search(line);
    inputRef.current?.focus();
  };

  return (
    <div
      onDragOver={(event) => {
        if (event.dataTransfer.types.includes('text/plain')) event.preventDefault();
      }}
      onDrop={onDrop}
    >
      <div className="flex h-12 items-center gap-3 border-b border-line px-4">
        <Search size={16} className="shrink-0 text-ink-3" aria-hidden />
        <input
          ref={inputRef}
          role="combobox"
          aria-expanded
          aria-controls={listId}
          aria-activedescendant={entries.length > 0 ? optionId(listId, current) : undefined}
          aria-label={t('placeholder')}
          placeholder={t('placeholder')}
          spellCheck={false}
          autoComplete="off"
          maxLength={500}
          value={query}
          onChange={(event) => search(event.target.value)}
          onPaste={(event) => {
            const pasted = event.clipboardData.getData('text/plain');
            if (query !== '' || !/[\r\n<>"']/.test(pasted.trim())) return;
            event.preventDefault();
            search(lineOf(pasted));
          }}
          onKeyDown={onKeyDown}
          className="h-full min-w-0 flex-1 bg-transparent text-md outline-none"
        />
        <KeyHint keys="Escape" />
      </div>
      <PaletteList
        id={listId}
        label={t('palette')}
        groups={groups}
        current={current}
        onHover={setActive}
        onRun={run}
        empty={<Nothing query={query} done={finding.done} />}
      />
      <p role="status" className="sr-only">
        {finding.done ? t('found', { count: entries.length }) : ''}
      </p>
      <footer className="flex items-center gap-4 border-t border-line bg-canvas px-4 py-2 text-xs text-ink-3">
        <span className="flex items-center gap-1.5">
          <KeyHint keys="ArrowUp ArrowDown" /> {t('move')}
        </span>
        <span className="flex items-center gap-1.5">
          <KeyHint keys="Enter" /> {t('run')}
        </span>
        <span className="min-w-0 flex-1 truncate text-right">
          {finding.failed.length > 0
            ? t('notAsked', { kinds: finding.failed.map((kind) => t(`kind.${kind}`)).join(', ') })
            : query === ''
              ? t('dropHint')
              : ''}
        </span>
      </footer>
    </div>
  );
}

/** Still looking, nothing there, or a link to something that is gone. */
function Nothing({ query, done }: { readonly query: string; readonly done: boolean }) {
  const t = useCommandTexts();
  if (!done) return <p className="py-12 text-center text-sm text-ink-2">{t('searching', { query })}</p>;
  const gone = linkIn(query.trim()) === 'thing';
  return (
    <div className="py-12 text-center">
      <p className="px-6 text-sm break-words">{gone ? t('goneTitle') : t('nothing', { query })}</p>
      <p className="mt-1 text-xs text-ink-3">{gone ? t('goneHint') : t('nothingHint')}</p>
    </div>
  );
}

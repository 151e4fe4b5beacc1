import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { cx } from '@renderer/ui';

interface CellProps {
  readonly name: string;
  readonly text: string;
  readonly wrong: boolean;
  readonly corrected: boolean;
  readonly onEdit: () => void;
}

/** A cell of the sheet; a press begins to correct it. */
export function Cell({ name, text, wrong, corrected, onEdit }: CellProps) {
  return (
    <button
      type="button"
      // The grid is one tab stop; Enter there edits the row it stands on.
      tabIndex={-1}
      aria-label={name}
      title={text}
      onClick={onEdit}
      className={cx(
        'block h-6 w-full truncate rounded-xs px-1.5 text-left text-xs hover:bg-pressed',
        wrong && 'bg-danger-soft text-danger-text',
        corrected && 'font-medium italic',
      )}
    >
      {text}
    </button>
  );
}

/** Where the correcting goes on after a cell was kept. */
export type Next = 'next' | 'previous' | 'here';

interface CellEditorProps {
  readonly name: string;
  readonly text: string;
  readonly onType: (text: string) => void;
  readonly onKeep: (text: string, next: Next) => void;
  readonly onGiveUp: () => void;
}

/** A cell while somebody corrects it. Leaving it keeps what was typed. */
export function CellEditor({ name, text, onType, onKeep, onGiveUp }: CellEditorProps) {
  const [value, setValue] = useState(text);
  const input = useRef<HTMLInputElement>(null);
  const done = useRef(false);
  useEffect(() => {
    input.current?.select();
  }, []);
  const keep = (next: Next): void => {
    if (done.current) return;
    done.current = true;
    onKeep(value, next);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    if (event.key === 'Enter') keep('here');
    else if (event.key === 'Tab') keep(event.shiftKey ? 'previous' : 'next');
    else if (event.key === 'Escape') {
      done.current = true;
      onGiveUp();
    } else return;
    event.preventDefault();
    event.stopPropagation();
    // The keys go on where they were; the next cell takes them, if there is one.
    event.currentTarget.closest<HTMLElement>('[role=grid]')?.focus({ preventScroll: true });
  };
  return (
    <input
      ref={input}
      // Somebody has just pressed the cell to type into it.
      autoFocus
      aria-label={name}
      value={value}
      maxLength={32_767}
      onChange={(event) => {
        setValue(event.target.value);
        onType(event.target.value);
      }}
      onKeyDown={onKeyDown}
      onBlur={() => keep('here')}
      className="control h-6 w-full min-w-0 px-1.5 text-xs text-ink"
    />
  );
}

import { type KeyboardEvent, type ReactNode, type SyntheticEvent, useId, useRef, useState } from 'react';
import { Button, cx, TextArea, TextField } from '@renderer/ui';
import { useFields } from '@renderer/audience/queries';
import { useComposeText } from './texts';
import { complete, matchingFields, openVariable } from './variable-completion';

interface VariableFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly error?: string | undefined;
  readonly hint?: ReactNode;
  readonly optional?: boolean | undefined;
  readonly maxLength?: number | undefined;
  /** Several lines, so many high. */
  readonly rows?: number | undefined;
  readonly mono?: boolean | undefined;
  readonly footer?: ReactNode;
  /** Buttons that put a field in where the cursor is. */
  readonly insert?: boolean | undefined;
}

type Box = HTMLTextAreaElement | HTMLInputElement;

const OWN_FIELDS = ['name', 'phone', 'email'];
const MAX_SHOWN = 8;

/** A text with variables: `{{` opens a list of the contacts' fields; arrows choose, Enter or Tab puts one in. */
export function VariableField({
  value,
  onChange,
  rows,
  footer,
  insert = false,
  ...field
}: VariableFieldProps) {
  const t = useComposeText();
  const box = useRef<Box>(null);
  const listId = useId();
  const fields = useContactFields();
  const [cursor, setCursor] = useState<number | null>(null);
  const [chosen, setChosen] = useState(0);
  const open = cursor === null ? null : openVariable(value, cursor);
  const matches = open === null ? [] : matchingFields(fields, open.typed).slice(0, MAX_SHOWN);
  const current = Math.min(chosen, matches.length - 1);

  const write = (text: string, at: number): void => {
    onChange(text);
    setCursor(null);
    requestAnimationFrame(() => {
      box.current?.focus();
      box.current?.setSelectionRange(at, at);
    });
  };
  const take = (name: string): void => {
    if (open === null || cursor === null) return;
    const completed = complete(value, cursor, open, name);
    write(completed.text, completed.cursor);
  };
  const put = (name: string): void => {
    const start = box.current?.selectionStart ?? value.length;
    const end = box.current?.selectionEnd ?? value.length;
    const variable = `{{${name}}}`;
    write(value.slice(0, start) + variable + value.slice(end), start + variable.length);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (matches.length === 0) return;
    const name = matches[current];
    if (event.key === 'ArrowDown') setChosen((current + 1) % matches.length);
    else if (event.key === 'ArrowUp') setChosen((current + matches.length - 1) % matches.length);
    else if ((event.key === 'Enter' || event.key === 'Tab') && name !== undefined) take(name);
    else if (event.key === 'Escape') setCursor(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const follow = (event: SyntheticEvent<Box>): void => {
    const { selectionStart, selectionEnd } = event.currentTarget;
    setCursor(selectionStart === selectionEnd ? selectionStart : null);
  };
  const shared = {
    ...field,
    value,
    autoComplete: 'off',
    'aria-autocomplete': 'list' as const,
    'aria-controls': matches.length > 0 ? listId : undefined,
    'aria-activedescendant': matches.length > 0 ? `${listId}-${current}` : undefined,
    onChange: (event: { currentTarget: Box }) => {
      onChange(event.currentTarget.value);
      setCursor(event.currentTarget.selectionStart);
      setChosen(0);
    },
    onSelect: follow,
    onKeyDown,
    onBlur: () => setCursor(null),
  };
  return (
    <div className="relative flex flex-col gap-2">
      {rows === undefined ? (
        <TextField ref={box as React.Ref<HTMLInputElement>} {...shared} />
      ) : (
        <TextArea ref={box as React.Ref<HTMLTextAreaElement>} rows={rows} footer={footer} {...shared} />
      )}
      {matches.length > 0 && (
        <ul
          id={listId}
          role="listbox"
          aria-label={t('message.fields')}
          className="floating absolute top-16 right-2 z-30 max-h-60 w-56 overflow-y-auto p-1"
        >
          {matches.map((name, n) => (
            <li
              key={name}
              id={`${listId}-${n}`}
              role="option"
              aria-selected={n === current}
              // Before the box loses the focus.
              onMouseDown={(event) => {
                event.preventDefault();
                take(name);
              }}
              className={cx(
                'cursor-default truncate rounded-sm px-2 py-1 font-mono text-xs',
                n === current && 'bg-pressed',
              )}
            >
              {name}
            </li>
          ))}
        </ul>
      )}
      {insert && (
        <div role="group" aria-label={t('message.insert')} className="flex flex-wrap items-center gap-1.5">
          <span className="text-xs text-ink-3">{t('message.insert')}</span>
          {fields.map((name) => (
            <Button
              key={name}
              size="sm"
              aria-label={t('message.insertOne', { name })}
              onClick={() => put(name)}
            >
              {name}
            </Button>
          ))}
        </div>
      )}
    </div>
  );
}

function useContactFields(): string[] {
  const custom = useFields().data?.fields ?? [];
  return [...OWN_FIELDS, ...custom.filter((name) => !OWN_FIELDS.includes(name))];
}

import { Field } from '@base-ui/react/field';
import { type Ref, useImperativeHandle, useRef } from 'react';
import { cx } from './cx';
import { FieldFrame, type FieldProps } from './field';

/** A stretch of the text; the stretches follow one another and leave nothing out. */
export interface TextStretch {
  readonly kind: 'text' | 'variable' | 'error';
  readonly text: string;
  readonly offset: number;
}

/** What others can do with the text. */
export interface MarkedTextAreaHandle {
  /** Selects a stretch and brings it into sight. */
  select: (start: number, end: number) => void;
  /** Puts text in place of what is selected. */
  insert: (text: string) => void;
}

export interface MarkedTextAreaProps extends FieldProps {
  value: string;
  onValueChange: (value: string) => void;
  /** The whole value, cut into what is marked and what is not. */
  stretches: readonly TextStretch[];
  rows?: number | undefined;
  maxLength?: number | undefined;
  ref?: Ref<MarkedTextAreaHandle> | undefined;
}

const ERROR_MARK = 'rounded-xs bg-danger-soft underline decoration-danger decoration-wavy underline-offset-3';
const MARKS = { text: '', variable: 'rounded-xs bg-accent-soft', error: ERROR_MARK } as const;

/** Both layers have to wrap alike, to the pixel. */
const LAYER =
  'py-1.5 pr-2.5 pl-11 font-mono text-xs leading-5 break-words whitespace-pre-wrap [scrollbar-gutter:stable]';

/**
 * Several lines of text with line numbers and marks: variables are tinted, errors underlined in red and
 * their lines marked. The marks lie behind the text and are for the eye; say the errors in words as well.
 */
export function MarkedTextArea({
  value,
  onValueChange,
  stretches,
  rows = 10,
  maxLength,
  ref,
  ...field
}: MarkedTextAreaProps) {
  const area = useRef<HTMLTextAreaElement>(null);
  const marks = useRef<HTMLDivElement>(null);
  useImperativeHandle(ref, () => ({
    select: (start, end) => {
      // Chromium scrolls to the selection when the focus comes, not when the selection changes.
      area.current?.blur();
      area.current?.setSelectionRange(start, end);
      area.current?.focus();
    },
    insert: (text) => {
      if (area.current === null) return;
      area.current.focus();
      area.current.setRangeText(text, area.current.selectionStart, area.current.selectionEnd, 'end');
      onValueChange(area.current.value);
    },
  }));
  const follow = (): void => {
    if (marks.current && area.current) marks.current.scrollTop = area.current.scrollTop;
  };
  return (
    <FieldFrame {...field}>
      <div className="control relative has-[textarea:focus-visible]:outline-2 has-[textarea:focus-visible]:outline-offset-1 has-[textarea:focus-visible]:outline-focus">
        <div
          ref={marks}
          aria-hidden
          className={cx(LAYER, 'pointer-events-none absolute inset-0 overflow-hidden text-transparent')}
        >
          {linesOf(stretches).map((line, index) => (
            <Line key={index} number={index + 1} line={line} />
          ))}
        </div>
        <Field.Control
          render={
            <textarea
              ref={area}
              rows={rows}
              maxLength={maxLength}
              spellCheck={false}
              value={value}
              onChange={(event) => onValueChange(event.target.value)}
              onScroll={follow}
              className={cx(
                LAYER,
                'relative block w-full min-w-0 resize-y overflow-y-auto bg-transparent text-ink outline-none',
              )}
            />
          }
        />
      </div>
    </FieldFrame>
  );
}

function Line({ number, line }: { number: number; line: readonly TextStretch[] }) {
  const isWrong = line.some(({ kind }) => kind === 'error');
  return (
    <div className="relative">
      <span
        className={cx(
          'tabular absolute -left-9.5 w-7 text-right text-2xs leading-5 select-none',
          isWrong ? 'font-semibold text-danger-text' : 'text-ink-3',
        )}
      >
        {isWrong && <span className="absolute top-2 left-0 size-1.5 rounded-full bg-danger" />}
        {number}
      </span>
      {line.every(({ text }) => text === '')
        ? '\u200b'
        : line.map(({ kind, text, offset }) => (
            <span key={offset} className={MARKS[kind]}>
              {text}
            </span>
          ))}
    </div>
  );
}

/** The stretches of each line, without the line breaks. */
export function linesOf(stretches: readonly TextStretch[]): TextStretch[][] {
  const lines: TextStretch[][] = [[]];
  for (const { kind, text, offset } of stretches) {
    let at = offset;
    for (const [index, part] of text.split('\n').entries()) {
      if (index > 0) lines.push([]);
      if (part !== '') lines.at(-1)?.push({ kind, text: part, offset: at });
      at += part.length + 1;
    }
  }
  return lines;
}

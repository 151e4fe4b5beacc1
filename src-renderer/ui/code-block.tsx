import { useFormat } from '@renderer/i18n/use-format';
import { cx } from './cx';
import { FramedBlock } from './framed-block';
import { useUiText } from './texts';

/** Characters put on screen at most; a longer text would stop the window for a moment. Copy takes all. */
export const SHOWN_CHARACTERS = 20_000;

export interface CodeBlockProps {
  text: string;
  /** Names the block for assistive technology, and stands above it. */
  label: string;
  labelHidden?: boolean | undefined;
  wrap?: boolean | undefined;
  /** Pixels before it scrolls. */
  maxHeight?: number | undefined;
}

/** Text as a machine wrote it: payloads, requests, log lines. */
export function CodeBlock({
  text,
  label,
  labelHidden = false,
  wrap = false,
  maxHeight = 320,
}: CodeBlockProps) {
  const t = useUiText();
  const format = useFormat();
  const cut = text.length > SHOWN_CHARACTERS;
  return (
    <FramedBlock label={label} labelHidden={labelHidden} copy={text}>
      <pre
        tabIndex={0}
        aria-label={label}
        style={{ maxHeight }}
        className={cx(
          'overflow-auto px-3 py-2 font-mono text-xs leading-5 -outline-offset-2',
          labelHidden && 'pr-9',
          wrap && 'break-words whitespace-pre-wrap',
        )}
      >
        {cut ? text.slice(0, SHOWN_CHARACTERS) : text}
      </pre>
      {cut && (
        <p className="border-t border-line px-3 py-1 text-xs text-ink-3">
          {t('json.truncated', { shown: format.number(SHOWN_CHARACTERS), total: format.number(text.length) })}
        </p>
      )}
    </FramedBlock>
  );
}

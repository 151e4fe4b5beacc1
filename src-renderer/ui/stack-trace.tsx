import { useState } from 'react';
import { CopyButton } from './copy-button';
import { cx } from './cx';
import { parseStack } from './stack-frames';
import { useUiText } from './texts';

export interface StackTraceProps {
  stack: string;
  label: string;
}

/** A stack trace: the message first, own frames in full strength, library frames folded away. */
export function StackTrace({ stack, label }: StackTraceProps) {
  const t = useUiText();
  const [all, setAll] = useState(false);
  const { head, frames } = parseStack(stack);
  const foreign = frames.filter((frame) => !frame.own).length;
  // A trace with no frame of ours says nothing when folded.
  const foldable = foreign > 0 && foreign < frames.length;
  const shown = all || !foldable ? frames : frames.filter((frame) => frame.own);
  return (
    <figure
      aria-label={label}
      className="relative min-w-0 overflow-hidden rounded-md border border-danger-line bg-sunken"
    >
      <div className="absolute top-0.5 right-0.5 rounded-sm bg-danger-soft">
        <CopyButton text={stack} />
      </div>
      <figcaption className="bg-danger-soft px-3 py-2 pr-9 font-mono text-xs break-words whitespace-pre-wrap text-danger-text">
        {head}
      </figcaption>
      {shown.length > 0 && (
        <ol className="overflow-x-auto px-3 py-2 font-mono text-xs leading-5">
          {shown.map((frame, index) => (
            <li key={index} className={cx('whitespace-pre', frame.own ? 'text-ink' : 'text-ink-3')}>
              {frame.text}
            </li>
          ))}
        </ol>
      )}
      {foldable && (
        <button
          type="button"
          onClick={() => setAll(!all)}
          className="w-full border-t border-line px-3 py-1 text-left text-xs text-accent-text -outline-offset-2 hover:bg-hover"
        >
          {all ? t('stack.hideLibrary') : t('stack.showLibrary', { count: foreign })}
        </button>
      )}
    </figure>
  );
}

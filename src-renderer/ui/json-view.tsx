import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { useFormat } from '@renderer/i18n/use-format';
import { cx } from './cx';
import { FramedBlock } from './framed-block';
import { useUiText } from './texts';

/** Characters of one string on screen; children of one node before "show more". */
const STRING_SHOWN = 300;
const CHILDREN_SHOWN = 100;

export interface JsonViewProps {
  value: unknown;
  label: string;
  labelHidden?: boolean | undefined;
  /** Levels that start open. */
  openDepth?: number | undefined;
  maxHeight?: number | undefined;
}

/** JSON as a tree: folded where deep, cut where long, so that any payload is safe to look at. */
export function JsonView({
  value,
  label,
  labelHidden = false,
  openDepth = 2,
  maxHeight = 420,
}: JsonViewProps) {
  return (
    <FramedBlock label={label} labelHidden={labelHidden} copy={() => JSON.stringify(value ?? null, null, 2)}>
      <div
        role="group"
        aria-label={label}
        tabIndex={0}
        style={{ maxHeight }}
        className="overflow-auto p-2 font-mono text-xs leading-5 -outline-offset-2"
      >
        <Node name={null} value={value} depth={0} openDepth={openDepth} />
      </div>
    </FramedBlock>
  );
}

interface NodeProps {
  name: string | null;
  value: unknown;
  depth: number;
  openDepth: number;
}

function entriesOf(value: object): readonly (readonly [string, unknown])[] {
  return Array.isArray(value)
    ? value.map((item: unknown, index) => [String(index), item] as const)
    : Object.entries(value);
}

function Node({ name, value, depth, openDepth }: NodeProps) {
  if (typeof value === 'object' && value !== null) {
    return <Branch name={name} value={value} depth={depth} openDepth={openDepth} />;
  }
  return (
    <div className="flex pl-4">
      <Name name={name} />
      <Leaf value={value} />
    </div>
  );
}

function Branch({ name, value, depth, openDepth }: NodeProps & { value: object }) {
  const t = useUiText();
  const [open, setOpen] = useState(depth < openDepth);
  const [shown, setShown] = useState(CHILDREN_SHOWN);
  const isArray = Array.isArray(value);
  const entries = entriesOf(value);
  const [left, right] = isArray ? ['[', ']'] : ['{', '}'];
  const rest = entries.length - shown;
  return (
    <div>
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="flex min-h-6 w-full items-center rounded-xs text-left hover:bg-pressed"
      >
        <ChevronRight
          size={12}
          className={cx('mr-1 shrink-0 text-ink-3 transition-transform', open && 'rotate-90')}
          aria-hidden
        />
        <Name name={name} />
        <span className="text-ink-3">
          {left}
          {!open && ` ${t(isArray ? 'json.items' : 'json.keys', { count: entries.length })} ${right}`}
        </span>
      </button>
      {open && (
        <>
          <div className="ml-[5px] border-l border-line pl-2.5">
            {entries.slice(0, shown).map(([key, child]) => (
              <Node
                key={key}
                name={isArray ? null : key}
                value={child}
                depth={depth + 1}
                openDepth={openDepth}
              />
            ))}
            {rest > 0 && (
              <button
                type="button"
                className="min-h-6 pl-4 text-accent-text underline"
                onClick={() => setShown(shown + CHILDREN_SHOWN * 5)}
              >
                {t('json.showMore', { count: Math.min(rest, CHILDREN_SHOWN * 5) })}
              </button>
            )}
          </div>
          <div className="pl-4 text-ink-3">{right}</div>
        </>
      )}
    </div>
  );
}

function Name({ name }: { name: string | null }) {
  if (name === null) return null;
  return (
    <span className="shrink-0 text-ink-2">
      {name}
      <span className="text-ink-3">:&nbsp;</span>
    </span>
  );
}

function Leaf({ value }: { value: unknown }) {
  const t = useUiText();
  const format = useFormat();
  if (typeof value === 'string') {
    const hidden = value.length - STRING_SHOWN;
    return (
      <span className="min-w-0 break-words text-success-text">
        {JSON.stringify(hidden > 0 ? value.slice(0, STRING_SHOWN) : value)}
        {hidden > 0 && <span className="text-ink-3"> {t('json.cut', { count: format.number(hidden) })}</span>}
      </span>
    );
  }
  if (typeof value === 'number' || typeof value === 'bigint') {
    return <span className="text-info-text">{String(value)}</span>;
  }
  if (typeof value === 'boolean') return <span className="text-warning-text">{String(value)}</span>;
  return <span className="text-ink-3 italic">{value === null ? 'null' : typeof value}</span>;
}

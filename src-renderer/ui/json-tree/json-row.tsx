import { ChevronRight } from 'lucide-react';
import type { JsonIndex } from '@shared/domain/json-index';
import { useFormat } from '@renderer/i18n/use-format';
import { cx } from '../cx';
import { useUiText } from '../texts';

/** Characters of a value in its row. */
const SHOWN = 300;

interface JsonRowProps {
  id: string;
  index: JsonIndex;
  node: number;
  top: number;
  height: number;
  open: boolean;
  active: boolean;
  onPress: () => void;
}

/** One value of a tree. */
export function JsonRow({ id, index, node, top, height, open, active, onPress }: JsonRowProps) {
  const isBranch = index.children(node) > 0;
  const depth = index.depth(node);
  const name = index.key(node);
  const position = index.position(node);
  return (
    <div
      id={id}
      role="treeitem"
      aria-level={depth + 1}
      aria-selected={active}
      {...(isBranch && { 'aria-expanded': open })}
      onClick={onPress}
      style={{ top, height, paddingLeft: 4 + depth * 14 }}
      className={cx(
        'absolute inset-x-0 flex cursor-default items-center rounded-xs pr-2 whitespace-nowrap',
        active ? 'bg-accent-soft group-focus/tree:ring-1 group-focus/tree:ring-focus' : 'hover:bg-pressed',
      )}
    >
      <ChevronRight
        size={12}
        aria-hidden
        className={cx(
          'mr-1 shrink-0 text-ink-3 transition-transform',
          open && 'rotate-90',
          !isBranch && 'invisible',
        )}
      />
      {(name ?? position) !== null && (
        <span className={cx('shrink-0', name === null ? 'text-ink-3' : 'text-ink-2')}>
          {name ?? position}
          <span className="text-ink-3">:&nbsp;</span>
        </span>
      )}
      <Value index={index} node={node} open={open} />
    </div>
  );
}

const tones = {
  string: 'text-success-text',
  number: 'text-info-text',
  boolean: 'text-warning-text',
  null: 'text-ink-3 italic',
} as const;

function Value({ index, node, open }: { index: JsonIndex; node: number; open: boolean }) {
  const t = useUiText();
  const format = useFormat();
  const kind = index.kind(node);
  const count = index.children(node);
  if (kind === 'object' || kind === 'array') {
    const [left, right] = kind === 'array' ? ['[', ']'] : ['{', '}'];
    return (
      <span className="text-ink-3">
        {count === 0
          ? `${left}${right}`
          : `${left}${open ? '' : ` ${t(kind === 'array' ? 'json.items' : 'json.keys', { count })} ${right}`}`}
      </span>
    );
  }
  const hidden = index.length(node) - SHOWN;
  return (
    <span className={cx('min-w-0 truncate', tones[kind])}>
      {index.slice(node, SHOWN)}
      {hidden > 0 && <span className="text-ink-3"> {t('json.cut', { count: format.number(hidden) })}</span>}
    </span>
  );
}

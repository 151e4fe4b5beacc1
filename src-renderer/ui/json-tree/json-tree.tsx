import { ChevronDown, ChevronUp, Search } from 'lucide-react';
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import { type JsonIndex, jsonPath, visibleNodes } from '@shared/domain/json-index';
import { useFormat } from '@renderer/i18n/use-format';
import { CodeBlock } from '../code-block';
import { CopyButton } from '../copy-button';
import { IconButton } from '../button';
import { SkeletonLines } from '../skeleton';
import { TextField } from '../text-field';
import { useUiText } from '../texts';
import { JsonRow } from './json-row';
import { useJsonFinder, useJsonIndex } from './use-json-index';

export interface JsonTreeProps {
  /** JSON, of any length. */
  text: string;
  label: string;
  /** What a path begins with. */
  root: string;
  /** Levels that start open. */
  openDepth?: number | undefined;
  maxHeight?: number | undefined;
}

const ROW = 22;
/** Elements. */
const LONG_LIST = 200;
/** Rows beside those in sight. */
const AHEAD = 20;
/** Characters of the chosen value that stand below in full. */
const LONG_VALUE = 80;

/**
 * JSON as a tree of which only what is in sight is drawn: megabytes open at once. Searched by name and value; of
 * the chosen row the path and the value can be copied.
 */
export function JsonTree(props: JsonTreeProps) {
  const { text, label } = props;
  const { index, broken } = useJsonIndex(text);
  if (broken) return <CodeBlock label={label} text={text} wrap />;
  if (index === undefined) return <SkeletonLines lines={6} />;
  return <Tree key={text.length} {...props} index={index} />;
}

/** A long list starts folded: its length says more than its first lines. */
const startsOpen = (index: JsonIndex, node: number, openDepth: number): boolean =>
  node === 0 || (index.depth(node) < openDepth && index.children(node) <= LONG_LIST);

function Tree({ label, root, openDepth = 2, maxHeight = 480, index }: JsonTreeProps & { index: JsonIndex }) {
  const t = useUiText();
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const [turned, setTurned] = useState<ReadonlySet<number>>(() => new Set());
  const [active, setActive] = useState(0);
  const isOpen = (node: number): boolean => startsOpen(index, node, openDepth) !== turned.has(node);
  const nodes = useMemo(
    () => visibleNodes(index, (node) => startsOpen(index, node, openDepth) !== turned.has(node)),
    [index, openDepth, turned],
  );
  const [top, setTop] = useState(0);
  // The part in sight, and what one notch of the wheel brings.
  const first = Math.max(0, Math.floor(top / ROW) - AHEAD);
  const inSight = nodes.slice(first, first + Math.ceil(maxHeight / ROW) + 2 * AHEAD);

  const setOpen = (node: number, open: boolean): void => {
    if (index.children(node) === 0 || isOpen(node) === open) return;
    const next = new Set(turned);
    if (!next.delete(node)) next.add(node);
    setTurned(next);
  };
  const reveal = (node: number): void => {
    const next = new Set(turned);
    for (let at = index.parent(node); at >= 0; at = index.parent(at)) {
      if (startsOpen(index, at, openDepth)) next.delete(at);
      else next.add(at);
    }
    setTurned(next);
    setActive(node);
  };
  // What is chosen comes into sight, also where a search has just opened its containers.
  useEffect(() => {
    const place = nodes.indexOf(active) * ROW;
    const view = box.current;
    if (view === null || place < 0) return;
    if (place < view.scrollTop) view.scrollTop = place;
    else if (place + 2 * ROW > view.scrollTop + view.clientHeight)
      view.scrollTop = place + 2 * ROW - view.clientHeight;
  }, [active, nodes]);

  const move = (by: number): void => {
    const place = nodes.indexOf(active);
    setActive(nodes[Math.max(0, Math.min(nodes.length - 1, place + by))] ?? 0);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const isBranch = index.children(active) > 0;
    const keys: Readonly<Record<string, () => void>> = {
      ArrowDown: () => move(1),
      ArrowUp: () => move(-1),
      PageDown: () => move(20),
      PageUp: () => move(-20),
      Home: () => setActive(0),
      End: () => setActive(nodes.at(-1) ?? 0),
      Enter: () => setOpen(active, !isOpen(active)),
      ArrowRight: () => (isBranch && !isOpen(active) ? setOpen(active, true) : move(1)),
      ArrowLeft: () =>
        isBranch && isOpen(active) ? setOpen(active, false) : setActive(Math.max(0, index.parent(active))),
    };
    const act = Object.hasOwn(keys, event.key) ? keys[event.key] : undefined;
    if (act === undefined) return;
    event.preventDefault();
    act();
  };

  return (
    <figure className="flex min-w-0 flex-col overflow-hidden rounded-md border border-line bg-sunken">
      <div className="flex h-9 items-center gap-2 border-b border-line pr-1 pl-3">
        <figcaption className="flex-1 text-xs font-medium text-ink-2">{label}</figcaption>
        <TreeSearch index={index} label={label} onFound={reveal} />
        <CopyButton text={() => copyOf(index, 0)} label={t('json.copyAll')} />
      </div>
      <div
        ref={box}
        role="tree"
        aria-label={label}
        tabIndex={0}
        aria-activedescendant={`${id}-${active}`}
        onKeyDown={onKeyDown}
        onScroll={({ currentTarget }) => setTop(currentTarget.scrollTop)}
        style={{ maxHeight }}
        className="group/tree overflow-auto p-1 font-mono text-xs -outline-offset-2"
      >
        <div role="presentation" className="relative" style={{ height: nodes.length * ROW }}>
          {inSight.map((node, place) => (
            <JsonRow
              key={node}
              id={`${id}-${node}`}
              index={index}
              node={node}
              top={(first + place) * ROW}
              height={ROW}
              open={isOpen(node)}
              active={node === active}
              onPress={() => {
                setActive(node);
                setOpen(node, !isOpen(node));
              }}
            />
          ))}
        </div>
      </div>
      <ChosenNode index={index} node={active} path={jsonPath(index, active, root)} />
    </figure>
  );
}

/** Beyond this, the JSON is copied as it is kept, without line ends: to lay it out would stop the window. */
const LAID_OUT = 200_000;

/** A text as it is, anything else as JSON. */
function copyOf(index: JsonIndex, node: number): string {
  const json = index.slice(node);
  if (index.kind(node) === 'string') return String(JSON.parse(json));
  return json.length > LAID_OUT ? json : JSON.stringify(JSON.parse(json), null, 2);
}

/** Where the chosen row is, and both to copy; a long text in full. */
function ChosenNode({ index, node, path }: { index: JsonIndex; node: number; path: string }) {
  const t = useUiText();
  const isLong = index.kind(node) === 'string' && index.length(node) > LONG_VALUE;
  return (
    <div className="border-t border-line">
      <div className="flex h-8 items-center pr-1 pl-3 text-xs">
        <span className="min-w-0 flex-1 truncate font-mono text-ink-2" title={path}>
          {path}
        </span>
        <CopyButton text={path} label={t('json.copyPath')} />
        <CopyButton text={() => copyOf(index, node)} label={t('json.copyValue')} />
      </div>
      {isLong && (
        <div className="border-t border-line p-2">
          <CodeBlock label={path} labelHidden text={copyOf(index, node)} wrap maxHeight={160} />
        </div>
      )}
    </div>
  );
}

interface TreeSearchProps {
  index: JsonIndex;
  label: string;
  onFound: (node: number) => void;
}

function TreeSearch({ index, label, onFound }: TreeSearchProps) {
  const t = useUiText();
  const format = useFormat();
  const [text, setText] = useState('');
  const [place, setPlace] = useState(-1);
  // The first match shows as soon as it is known, as one types.
  const { nodes, done } = useJsonFinder(index, text, ([first]) => {
    if (first === undefined) return;
    setPlace(0);
    onFound(first);
  });
  const go = (to: number): void => {
    const node = nodes[(to + nodes.length) % nodes.length];
    if (node === undefined) return;
    setPlace((to + nodes.length) % nodes.length);
    onFound(node);
  };
  return (
    <form
      className="flex items-center gap-1"
      onSubmit={(event) => {
        event.preventDefault();
        go(place + 1);
      }}
    >
      {text !== '' && (
        <span className="tabular px-1 text-xs whitespace-nowrap text-ink-2" role="status">
          {done ? t('json.found', { at: format.number(place + 1), count: format.number(nodes.length) }) : '…'}
        </span>
      )}
      <div className="w-40">
        <TextField
          label={t('json.search', { label })}
          labelHidden
          placeholder={t('json.find')}
          icon={Search}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setPlace(-1);
          }}
        />
      </div>
      <IconButton
        icon={ChevronUp}
        size="sm"
        label={t('json.previous')}
        disabled={nodes.length === 0}
        onClick={() => go(place - 1)}
      />
      <IconButton
        icon={ChevronDown}
        size="sm"
        type="submit"
        label={t('json.next')}
        disabled={nodes.length === 0}
      />
    </form>
  );
}

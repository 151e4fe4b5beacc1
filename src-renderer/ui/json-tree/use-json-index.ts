import { useEffect, useEffectEvent, useState } from 'react';
import { type JsonIndex, JsonFinder, JsonIndexer } from '@shared/domain/json-index';
import { inSlices } from './in-slices';

export interface IndexedJson {
  readonly text: string;
  readonly index: JsonIndex | undefined;
  /** It is not JSON. */
  readonly broken: boolean;
}

/** Characters that are read at once, before the first picture: no long text ever is. */
const AT_ONCE = 50_000;

/** The index of a JSON text; a long one is read in slices between frames. */
export function useJsonIndex(text: string): IndexedJson {
  const [state, setState] = useState<IndexedJson>(() => begin(text));
  const current = state.text === text ? state : begin(text);
  if (current !== state) setState(current);

  useEffect(() => {
    if (text.length <= AT_ONCE) return;
    const indexer = new JsonIndexer(text);
    return inSlices(
      (isDue) => indexer.step(isDue),
      (error) =>
        setState({
          text,
          index: error === undefined ? indexer.index() : undefined,
          broken: error !== undefined,
        }),
    );
  }, [text]);

  return current;
}

function begin(text: string): IndexedJson {
  if (text.length > AT_ONCE) return { text, index: undefined, broken: false };
  const indexer = new JsonIndexer(text);
  try {
    indexer.step(() => false);
    return { text, index: indexer.index(), broken: false };
  } catch {
    return { text, index: undefined, broken: true };
  }
}

/** Matches of one search that are walked through. */
const MAX_FOUND = 1_000;

export interface FoundNodes {
  readonly nodes: readonly number[];
  readonly done: boolean;
}

const none: FoundNodes = { nodes: [], done: true };

/** The nodes that have a text in their name or value, told once they are known; an empty text finds nothing. */
export function useJsonFinder(
  index: JsonIndex | undefined,
  text: string,
  onFound: (nodes: readonly number[]) => void,
): FoundNodes {
  const tell = useEffectEvent(onFound);
  const [state, setState] = useState<{ index: JsonIndex; text: string; found: FoundNodes }>();

  useEffect(() => {
    if (index === undefined || text === '') return;
    const finder = new JsonFinder(index, text, MAX_FOUND);
    return inSlices(
      (isDue) => finder.step(isDue),
      () => {
        setState({ index, text, found: { nodes: finder.found, done: true } });
        tell(finder.found);
      },
    );
  }, [index, text]);

  if (index === undefined || text === '') return none;
  return state?.index === index && state.text === text ? state.found : { nodes: [], done: false };
}

import { useEffect, useState } from 'react';
import { type Found, type FoundKind, foundKinds } from '@shared/contract/find';
import { client } from '@renderer/platform/client';
import { useDebounced } from '@renderer/platform/use-debounced';

/** After the last key. */
const SETTLE_MS = 120;

export interface FoundGroup {
  readonly kind: FoundKind;
  readonly found: readonly Found[];
}

export interface Finding {
  /** Kinds that have something, in the same order whichever answered first. */
  readonly groups: readonly FoundGroup[];
  /** Kinds that could not be asked. */
  readonly failed: readonly FoundKind[];
  /** Everything has answered for just this text. */
  readonly done: boolean;
}

interface Answers extends Omit<Finding, 'groups'> {
  readonly text: string;
  readonly byKind: Partial<Record<FoundKind, readonly Found[]>>;
}

const nothing = (text: string): Answers => ({ text, byKind: {}, failed: [], done: false });

/** What has this id, link, name, phone or email, as it is found. Another text ends the search of the last one. */
export function useFinder(typed: string): Finding {
  const text = useDebounced(typed.trim(), SETTLE_MS);
  const [answers, setAnswers] = useState<Answers>(nothing(''));
  useEffect(() => {
    if (text === '') return;
    // What was found before stays until something newer is known: the list does not flicker with each letter.
    return client.find.run(
      { text },
      {
        next: ({ kind, found, failed }) =>
          setAnswers((last) => {
            const own = last.text === text ? last : nothing(text);
            return {
              ...own,
              byKind: { ...own.byKind, [kind]: found },
              failed: failed ? [...own.failed, kind] : own.failed,
            };
          }),
        end: () => setAnswers((last) => ({ ...(last.text === text ? last : nothing(text)), done: true })),
      },
    );
  }, [text]);
  const groups = foundKinds.flatMap((kind) => {
    const found = answers.byKind[kind] ?? [];
    return found.length === 0 ? [] : [{ kind, found }];
  });
  const isCurrent = answers.text === typed.trim();
  if (typed.trim() === '') return { groups: [], failed: [], done: true };
  return { groups, failed: isCurrent ? answers.failed : [], done: isCurrent && answers.done };
}

/** Ms of work between two turns of everything else. */
const SLICE_MS = 12;

/** Does work step by step with pauses between, then says that it ended. Returns how to give it up. */
export function inSlices(
  step: (isDue: () => boolean) => boolean,
  done: (error: unknown) => void,
): () => void {
  let over = false;
  const turn = (): void => {
    if (over) return;
    const until = performance.now() + SLICE_MS;
    try {
      if (!step(() => performance.now() >= until)) {
        setTimeout(turn);
        return;
      }
    } catch (error) {
      done(error);
      return;
    }
    done(undefined);
  };
  setTimeout(turn);
  return () => {
    over = true;
  };
}

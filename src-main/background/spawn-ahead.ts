import type { BackgroundProcess, SpawnBackground } from './control';

/**
 * Begins the first process now, ahead of the one who will ask for it: what the returned function gives first
 * runs already, and each later call spawns anew. An end in between is told to whoever asks then.
 */
export const spawnAhead = (spawn: SpawnBackground): SpawnBackground => {
  let early: BackgroundProcess | undefined = rememberExit(spawn());
  return () => {
    const process = early ?? spawn();
    early = undefined;
    return process;
  };
};

const rememberExit = (process: BackgroundProcess): BackgroundProcess => {
  let exit: { readonly code: number | null } | undefined;
  process.onExit((code) => {
    exit = { code };
  });
  return {
    ...process,
    onExit: (listener) => {
      if (exit === undefined) return process.onExit(listener);
      const { code } = exit;
      queueMicrotask(() => listener(code));
    },
  };
};

interface Group {
  readonly controller: AbortController;
  count: number;
}

/** Whoever waits for the same work: it may be given up when none of them is left. */
export class Waiters {
  private readonly groups = new Map<string, Group>();

  /** Waits for the work of this name until `signal` aborts or `leave` is called; the answered signal is that of all. */
  join(name: string, signal: AbortSignal): { readonly signal: AbortSignal; readonly leave: () => void } {
    const group = this.groups.get(name) ?? { controller: new AbortController(), count: 0 };
    this.groups.set(name, group);
    group.count += 1;
    let left = false;
    const leave = (): void => {
      signal.removeEventListener('abort', leave);
      if (left) return;
      left = true;
      group.count -= 1;
      if (group.count > 0) return;
      if (this.groups.get(name) === group) this.groups.delete(name);
      group.controller.abort();
    };
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave);
    return { signal: group.controller.signal, leave };
  }
}

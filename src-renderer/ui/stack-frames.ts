export interface StackFrame {
  readonly text: string;
  /** False for Node's own and for installed packages: rarely where the cause is. */
  readonly own: boolean;
}

export interface ParsedStack {
  /** The lines before the first frame: the message. */
  readonly head: string;
  readonly frames: readonly StackFrame[];
}

const FRAME = /^\s*at\s/;
const FOREIGN = /node_modules|\(node:|at node:|<anonymous>\)?$|internal\//;

/** Splits a V8 stack trace into its message and its frames. */
export function parseStack(stack: string): ParsedStack {
  const lines = stack.split('\n');
  const first = lines.findIndex((line) => FRAME.test(line));
  if (first === -1) return { head: stack.trim(), frames: [] };
  const frames = lines
    .slice(first)
    .filter((line) => line.trim() !== '')
    .map((line) => ({ text: line.trim(), own: FRAME.test(line) && !FOREIGN.test(line) }));
  return { head: lines.slice(0, first).join('\n').trim(), frames };
}

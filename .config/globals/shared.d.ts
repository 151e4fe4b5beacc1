// The few globals that Node, Electron's renderer and every browser have in common. Shared code sees
// these and nothing else of either side.
interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}
declare class AbortController {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}
declare function queueMicrotask(callback: () => void): void;
interface SharedTimer {
  readonly __timer: never;
}
/** A number in browsers, an object in Node: opaque here. */
declare function setTimeout(callback: () => void, delayMs: number): SharedTimer;
declare function clearTimeout(timer: ReturnType<typeof setTimeout> | undefined): void;
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(input?: Uint8Array, options?: { stream?: boolean }): string;
}
declare class TextEncoder {
  encode(input: string): Uint8Array;
}
declare class URLSearchParams implements Iterable<[string, string]> {
  constructor(init?: Readonly<Record<string, string>>);
  toString(): string;
  [Symbol.iterator](): IterableIterator<[string, string]>;
}
/** @throws TypeError where it is no URL */
declare class URL {
  constructor(url: string);
  readonly protocol: string;
  readonly host: string;
  readonly pathname: string;
  readonly search: string;
  readonly searchParams: URLSearchParams;
}

/** Calls a method of something whose package has no types for it (SheetJS's own CFB and SSF). */
export function callUntyped(target: unknown, name: string, ...args: unknown[]): unknown {
  const method: unknown = Reflect.get(Object(target), name);
  if (typeof method !== 'function') throw new Error(`There is no method ${name}.`);
  const result: unknown = Reflect.apply(method, target, args);
  return result;
}

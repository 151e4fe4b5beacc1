import { useState } from 'react';

/** The same object until its content changes: for who begins anew with another object. Plain data only. */
export function useSteady<T>(value: T): T {
  const [held, hold] = useState(value);
  if (held === value || JSON.stringify(held) === JSON.stringify(value)) return held;
  hold(value);
  return value;
}

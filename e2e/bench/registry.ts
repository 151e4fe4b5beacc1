import type { Bench } from './bench';
import { contactImport } from './import';
import { review } from './review';
import { startup } from './startup';

/** Every benchmark by the name it is called with. */
export const benches: ReadonlyMap<string, Bench> = new Map([
  ['startup', startup],
  ['import', contactImport],
  ['review', review],
]);

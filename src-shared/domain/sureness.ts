/** How far a suggestion can be trusted without a look at it. */
export type Sureness = 'sure' | 'likely' | 'guess';

/** `confidence` is 0 to 1. */
export function surenessOf(confidence: number): Sureness {
  if (confidence >= 0.85) return 'sure';
  return confidence >= 0.6 ? 'likely' : 'guess';
}

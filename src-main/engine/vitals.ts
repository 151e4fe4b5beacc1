import type { EngineFacts } from '@shared/contract/health';

/** What an engine says of itself; round trips are measured by whoever asks. */
export type EngineVitals = Omit<EngineFacts, 'kind' | 'latency'>;

/** Reads how the engine does. */
export interface VitalsReader {
  read(): Promise<EngineVitals>;
}

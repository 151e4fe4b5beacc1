import { afterAll, beforeAll, beforeEach } from 'vitest';
import { openImportStage, type ImportStage, type Profile } from './import-stage';

const SET_UP_MS = 60_000;

/**
 * One stage with a worker for all tests of a block, handed over before the first. Before each test there are no
 * contacts and no remembered mappings.
 */
export function withImportStage(profile: Profile, given: (stage: ImportStage) => void): void {
  let opened: { readonly stage: ImportStage; readonly worker: { shutdown: () => Promise<void> } } | undefined;
  beforeAll(async () => {
    const stage = await openImportStage(profile);
    opened = { stage, worker: await stage.startWorker() };
    given(stage);
  }, SET_UP_MS);
  afterAll(async () => {
    await opened?.worker.shutdown();
    await opened?.stage.close();
  });
  beforeEach(async () => {
    await opened?.stage.database.deleteFrom('contacts').execute();
    await opened?.stage.database.deleteFrom('saved_mappings').execute();
  });
}

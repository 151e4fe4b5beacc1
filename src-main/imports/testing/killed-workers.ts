import { spawn } from 'node:child_process';
import type { ImportId } from '@shared/domain/ids';
import { bundle } from './bundle';
import type { ImportStage } from './import-stage';

/** Workers in processes of their own, on the stores of a stage of the shared profile. */
export interface KilledWorkers {
  /** One attempt at an import; killed after so many batches. The exit code, null where it was killed. */
  run(importId: ImportId, rows: number, killAfterBatches?: number): Promise<number | null>;
  dispose(): Promise<void>;
}

export async function openKilledWorkers(
  stage: Pick<ImportStage, 'actor' | 'databaseUrl'>,
): Promise<KilledWorkers> {
  const child = await bundle('src-main/imports/testing/worker-child.ts');
  const { organizationId, userId } = stage.actor;
  return {
    run: (importId, rows, killAfterBatches = Number.POSITIVE_INFINITY) =>
      new Promise((resolve) => {
        const data = JSON.stringify({ organizationId, userId, importId, rows });
        const worker = spawn(process.execPath, [child.path, stage.databaseUrl ?? '', data]);
        let batches = 0;
        worker.stdout.on('data', (chunk: Buffer) => {
          batches += chunk.toString().split('\n').length - 1;
          if (batches >= killAfterBatches) worker.kill('SIGKILL');
        });
        worker.stderr.on('data', (chunk: Buffer) => process.stderr.write(chunk));
        worker.on('exit', resolve);
      }),
    dispose: () => child.dispose(),
  };
}

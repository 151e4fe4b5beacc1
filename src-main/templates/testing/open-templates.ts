import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Stage } from '../../../e2e/fixtures/campaign-stage';
import { createFileExchange, type FileExchange } from '../../files/exchange';
import { createTemplates, type Templates } from '..';

/** The templates of a stage, with files to export to. */
export async function openTemplates(
  stage: Stage,
): Promise<{ templates: Templates; files: FileExchange; close: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'adsapp-templates-'));
  const files = await createFileExchange({
    directory: join(folder, 'files'),
    report: (message, error) => stage.logger.error(message, { error }),
  });
  const templates = createTemplates({
    database: stage.database,
    queues: { addJob: (job) => stage.engine.queue(job.queue).add(job) },
    jobs: stage.engine.queue('template-processing'),
    journal: { finished: () => Promise.resolve() },
    files,
    audit: () => Promise.resolve(),
  });
  const close = async (): Promise<void> => {
    await files.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { templates, files, close };
}

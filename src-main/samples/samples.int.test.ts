import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Template } from '@shared/contract/templates';
import { compileTemplate } from '@shared/domain/template';
import { unwrap } from '@shared/errors';
import { context, openImportStage, type ImportStage } from '../imports/testing/import-stage';
import { createTemplateRepository } from '../templates/repository';
import { createTemplateService } from '../templates/service';
import { SAMPLE_TEMPLATES } from './sample-templates';
import { loadSampleData, writeSampleSpreadsheet } from './samples';

describe('sample data', () => {
  let stage: ImportStage;
  let worker: { shutdown: () => Promise<void> };
  beforeAll(async () => {
    stage = await openImportStage('shared');
    worker = await stage.startWorker();
  }, 60_000);
  afterAll(async () => {
    await worker.shutdown();
    await stage.close();
  });

  it('is the same file every time', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'adsapp-sample-'));
    await writeSampleSpreadsheet(join(folder, 'a.xlsx'));
    await writeSampleSpreadsheet(join(folder, 'b.xlsx'));
    expect(await readFile(join(folder, 'a.xlsx'))).toEqual(await readFile(join(folder, 'b.xlsx')));
    await rm(folder, { recursive: true });
  });

  it('opens as an import with realistic flaws, and brings templates that fit it, once', async () => {
    const service = createTemplateService({
      repository: createTemplateRepository(stage.database),
      queues: { addJob: () => Promise.reject(new Error('no job is added')) },
      audit: () => Promise.resolve(),
    });
    const load = () =>
      loadSampleData(
        {
          files: stage.files,
          openUpload: (uploadId, actor, signal) =>
            stage.imports.handlers.open({ source: { kind: 'upload', uploadId } }, { actor, signal }),
          templates: {
            list: (actor) => service.list({}, actor),
            save: (input, actor) => service.save(input, {}, actor),
          },
        },
        stage.actor,
        new AbortController().signal,
      );
    const first = unwrap(await load());
    expect(first.templates).toBe(3);
    expect(unwrap(await load()).templates).toBe(0);

    const draft = unwrap(await stage.imports.handlers.draft({ importId: first.importId }, context(stage)));
    expect(draft).toMatchObject({ fileName: 'Sample contacts.xlsx', sheet: 'Orders', headerRow: 3 });
    expect(draft.columns.map(({ target }) => ('key' in target ? target.key : target.field))).toEqual([
      'name',
      'phone',
      'email',
      'city',
      'order_id',
      'amount',
      'tags',
      'optOut',
    ]);
    const done = await stage.until((await stage.start(draft)).id, 'completed', 'failed');
    expect(done.totals).toMatchObject({ read: 1_000, inserted: 945, skipped: 15, rejected: 40 });
    const { byReason } = await reasons(stage, first.importId);
    expect(byReason).toEqual(
      expect.arrayContaining(['phone-digits-lost', 'phone-country-unknown', 'phone-too-long', 'email-no-at']),
    );

    const [contact] = await stage.contacts();
    const values = { name: contact?.name ?? '', ...contact?.custom };
    for (const { body } of SAMPLE_TEMPLATES) {
      const compiled = compileTemplate(body);
      expect(compiled.ok && compiled.template.missing(values)).toEqual([]);
    }
    const saved: Template[] = await service.list({}, stage.actor);
    expect(saved.map(({ name }) => name).sort()).toEqual(['Delivery tomorrow', 'Order ready', 'Thank you']);
  });
});

async function reasons(stage: ImportStage, importId: string): Promise<{ byReason: string[] }> {
  const { rows } = await stage.pool.query<{ code: string }>(
    `SELECT DISTINCT reason ->> 'code' AS code FROM import_rows, jsonb_array_elements(reasons) AS reason WHERE import_id = $1`,
    [importId],
  );
  return { byReason: rows.map(({ code }) => code) };
}

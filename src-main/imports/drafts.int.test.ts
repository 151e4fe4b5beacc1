import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { unwrap } from '@shared/errors';
import { context, profiles, type ImportStage } from './testing/import-stage';
import { withImportStage } from './testing/with-import-stage';

describe.each(profiles)('files that were opened and not imported, on the %s profile', (profile) => {
  let stage: ImportStage;

  withImportStage(profile, (opened) => (stage = opened));

  it('are listed, the last opened first, with the corrections made in them, until they are started or discarded', async () => {
    const { handlers } = stage.imports;
    const list = async () => unwrap(await handlers.drafts({}, context(stage))).drafts;
    const open = async (name: string) =>
      stage.open(await stage.write(name, 'Name,Phone\nSara,+966512345678\nOmar,+966512345679\n'));
    const first = await open('first.csv');
    const second = await open('second.csv');
    unwrap(
      await handlers.correct(
        { importId: first.id, correction: { kind: 'cell', row: 2, column: 0, value: 'Sarah' } },
        context(stage),
      ),
    );
    expect(await list()).toMatchObject([
      { id: second.id, fileName: 'second.csv', corrections: 0 },
      { id: first.id, fileName: 'first.csv', sizeBytes: first.sizeBytes, corrections: 1 },
    ]);

    await stage.start(first);
    expect((await list()).map(({ id }) => id)).toEqual([second.id]);
    unwrap(await handlers.discardDraft({ importId: second.id }, context(stage)));
    expect(await list()).toEqual([]);
  });

  it('are listed where their copy is: another console could not open them', async () => {
    const { handlers } = stage.imports;
    const draft = await stage.open(await stage.write('here.csv', 'Name,Phone\nSara,+966512345678\n'));
    await rm(join(stage.folder, 'imports', draft.id), { recursive: true });
    expect(unwrap(await handlers.drafts({}, context(stage))).drafts).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { ImportOptions, type ImportSummary } from '@shared/contract/imports';
import { unwrap } from '@shared/errors';
import type { JsonContact } from './json-contacts';
import { context, profiles, type ImportStage } from './testing/import-stage';
import { withImportStage } from './testing/with-import-stage';

/** So many that they are still being taken in when somebody looks. */
const CONTACTS: JsonContact[] = Array.from({ length: 10_000 }, (_, n) => ({
  phone: `+96651${2_000_000 + n}`,
  name: `Person ${n}`,
}));

describe.each(profiles)('contacts that are being taken in as JSON on the %s profile', (profile) => {
  let stage: ImportStage;

  withImportStage(profile, (opened) => (stage = opened));

  const send = () => stage.imports.service.importContacts(CONTACTS, ImportOptions.parse({}), stage.actor);

  /** The import once its first contacts are there. */
  const untilBeingSent = async (): Promise<ImportSummary> => {
    for (;;) {
      const { imports } = unwrap(await stage.imports.handlers.list({ limit: 1 }, context(stage)));
      const [newest] = imports;
      if (newest?.state === 'staging' && newest.totals.staged > 0) return newest;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };

  it('are not given up by a console that looks after imports meanwhile', async () => {
    const other = stage.restart();
    const sending = send();
    expect((await untilBeingSent()).totals).toMatchObject({ read: null, expected: CONTACTS.length });
    await other.start();
    const { importId } = unwrap(await sending);
    const done = await stage.until(importId, 'completed', 'failed');
    await other.stop();
    expect(done).toMatchObject({ state: 'completed', totals: { read: 10_000, inserted: 10_000 } });
  });

  it('wait, all of them, where the import is paused meanwhile', async () => {
    const sending = send();
    const { id } = await untilBeingSent();
    unwrap(await stage.imports.service.pause(id, stage.actor));
    unwrap(await sending);
    expect(await stage.until(id, 'paused')).toMatchObject({ totals: { read: 10_000, inserted: 0 } });
    unwrap(await stage.imports.service.resume(id, stage.actor));
    expect(await stage.until(id, 'completed', 'failed')).toMatchObject({
      state: 'completed',
      totals: { inserted: 10_000 },
    });
  });

  it('go on being taken in where the import is paused and resumed meanwhile', async () => {
    const sending = send();
    const { id } = await untilBeingSent();
    unwrap(await stage.imports.service.pause(id, stage.actor));
    unwrap(await stage.imports.service.resume(id, stage.actor));
    unwrap(await sending);
    expect(await stage.until(id, 'completed', 'failed')).toMatchObject({
      state: 'completed',
      totals: { inserted: 10_000 },
    });
  });

  it('are refused where the import is cancelled meanwhile, and the sender is told', async () => {
    const sending = send();
    const { id } = await untilBeingSent();
    unwrap(await stage.imports.service.cancel(id, { rollBack: false }, stage.actor));
    expect(await sending).toMatchObject({ ok: false, error: { code: 'cancelled' } });
    expect((await stage.until(id, 'cancelled')).totals.inserted).toBe(0);
    expect(await stage.contacts()).toEqual([]);
  });
});

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addContacts, launchTo } from '../../e2e/fixtures/campaign-stage';
import { campaignWorkers } from '../../e2e/fixtures/campaign-worker';
import { ImportId } from '@shared/domain/ids';
import { until } from '../engine/testing/until';
import type { WorkerHost } from '../engine/worker-host';
import { openImportStage, profiles, type ImportStage } from '../imports/testing/import-stage';
import { Announcer } from './announcer';
import type { Notice } from './wording';

describe.each(profiles)('what a desktop is told on the %s profile', (profile) => {
  let stage: ImportStage;
  let imports: { shutdown: () => Promise<void> };
  let campaigns: WorkerHost | undefined;
  let announcer: Announcer;
  let wanted = true;
  const notices: Notice[] = [];
  const bars: (number | null)[] = [];

  beforeAll(async () => {
    stage = await openImportStage(profile);
    announcer = new Announcer({
      board: {
        notify: (notice) => notices.push(notice),
        setProgress: (fraction) => bars.push(fraction),
      },
      engine: stage.engine,
      campaign: (id) => stage.campaigns.service.get(id, stage.actor),
      import: (id) => stage.imports.service.get(ImportId.parse(id), stage.actor),
      wanted: () => wanted,
      report: (error) => {
        throw error;
      },
    });
    announcer.start();
    imports = await stage.startWorker();
  }, 60_000);
  afterAll(async () => {
    await announcer.close();
    await campaigns?.shutdown(0);
    await stage.close();
  });
  const noticeTo = (to: string) => until(to, () => notices.find((notice) => notice.to === to));

  it('the end of an import, with its totals', async () => {
    const path = await stage.write(
      'people.csv',
      'Phone,Name\n+966512345678,Fatima\n+966512345679,Omar\n12,No\n',
    );
    const { id } = await stage.start(await stage.open(path));
    expect(await noticeTo(`/import?id=${id}`)).toMatchObject({
      title: 'people.csv is imported',
      body: '2 added · 1 rejected',
    });
  });

  it('an import that failed before it had a job, because somebody here started it', async () => {
    const path = await stage.write('gone.csv', 'Phone,Name\n+966512345671,Fatima\n');
    const draft = await stage.open(path);
    await rm(join(stage.folder, 'imports', draft.id), { recursive: true });
    const { id } = await stage.start(draft);
    announcer.heard({ action: 'imports.start', target: id });
    expect((await noticeTo(`/import?id=${id}`)).title).toBe('gone.csv was not imported');
  });

  it('no notification that is not wanted', async () => {
    wanted = false;
    const told = notices.length;
    const path = await stage.write('more.csv', 'Phone\n+966512345670\n');
    const { id } = await stage.start(await stage.open(path));
    await stage.until(id, 'completed', 'failed');
    // The bar is set as a look ends: after the second one, the first has seen the end.
    for (let look = 0; look < 2; look += 1) {
      const looks = bars.length;
      announcer.heard({ action: 'imports.resume', target: id });
      await until('a look', () => bars.length > looks);
    }
    expect(notices).toHaveLength(told);
    wanted = true;
  });

  it('the end of a campaign, once, and how far it was', async () => {
    // That worker would end campaigns' jobs without a message sent.
    await imports.shutdown();
    campaigns = campaignWorkers(stage);
    await campaigns.start();
    const contacts = await addContacts(stage, 1_200);
    const { campaignId } = await launchTo(stage, contacts);
    const notice = await until('the end', () => notices.find(({ to }) => to.endsWith(campaignId)), 60_000);
    expect(notice).toMatchObject({ title: '“Spring sale” has ended', to: `/campaigns?id=${campaignId}` });
    expect(notice.body).toMatch(/^[\d,]+ of 1,200 sent/);
    await until('no bar', () => bars.at(-1) === null);
    expect(notices.filter(({ to }) => to.endsWith(campaignId))).toHaveLength(1);
  });
});

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ContactId, OrganizationId, ProfileId, type TemplateId } from '@shared/domain/ids';
import type { Template } from '@shared/contract/templates';
import { addContacts, openStage, profiles, testRun, type Stage } from '../../e2e/fixtures/campaign-stage';
import { SET_UP_MS } from '../database/testing/databases';
import type { Templates } from '.';
import { createTemplateProcessor } from './processor';
import { createTemplateRepository } from './repository';
import { openTemplates } from './testing/open-templates';

const Rendered = z.object({ rendered: z.array(z.unknown()) });

describe.each(profiles)('templates on the %s profile', (profile) => {
  let stage: Stage;
  let templates: Templates;
  let close: () => Promise<void>;
  beforeAll(async () => {
    stage = await openStage(profile);
    ({ templates, close } = await openTemplates(stage));
  }, SET_UP_MS);
  afterAll(async () => {
    await close();
    await stage.close();
  });

  const context = () => ({ actor: stage.actor, signal: new AbortController().signal });
  const save = (name: string, body: string, templateId?: TemplateId, baseVersion?: number) =>
    templates.handlers.save(
      { name, channel: 'whatsapp', subject: null, body, templateId, baseVersion },
      context(),
    );
  const saved = async (...input: Parameters<typeof save>): Promise<Template> => {
    const result = await save(...input);
    if (!result.ok) throw new Error(result.error.message);
    return result.value;
  };

  it('keeps every version, and makes none where nothing changed', async () => {
    const first = await saved('Order', 'Hi {{name|you}}, {{order_id}}');
    expect(first).toMatchObject({
      version: 1,
      variables: [
        { name: 'name', hasFallback: true },
        { name: 'order_id', hasFallback: false },
      ],
    });
    expect(await saved('Order ready', first.body, first.id)).toMatchObject({
      version: 1,
      name: 'Order ready',
    });
    expect(await saved('Order ready', 'Hi {{name}}', first.id)).toMatchObject({
      version: 2,
      body: 'Hi {{name}}',
    });
    const repository = createTemplateRepository(stage.database);
    expect(await repository.version(stage.actor.organizationId, first.id, 1)).toMatchObject({
      body: first.body,
    });
  });

  it('refuses a text that does not compile with its place, and a name that is taken', async () => {
    expect(await save('Broken', 'ok\nHello {{name')).toMatchObject({
      error: {
        code: 'invalid_input',
        issues: [
          { path: 'body', message: 'Line 2, column 7: This {{ is never closed. Add }} after the variable.' },
        ],
      },
    });
    await saved('Taken', 'x');
    expect(await save('TAKEN', 'y')).toMatchObject({
      error: { code: 'invalid_input', issues: [{ path: 'name' }] },
    });
  });

  it('forgets a removed one, so that its name is free again', async () => {
    const { id } = await saved('Once', 'x');
    expect((await templates.handlers.remove({ templateId: id }, context())).ok).toBe(true);
    expect(await templates.handlers.get({ templateId: id }, context())).toMatchObject({
      error: { code: 'not_found' },
    });
    await saved('Once', 'y');
    const list = await templates.handlers.list({ removed: false }, context());
    expect(list.ok && list.value.templates.filter(({ name }) => name === 'Once')).toHaveLength(1);
  });

  it('lists its versions with who saved them and what was sent with them', async () => {
    const first = await saved('Versions', 'one {{name}}');
    const second = await saved('Versions', 'two {{name}}', first.id);
    const text = await templates.service.textOf(stage.actor.organizationId, first.id);
    await stage.database
      .insertInto('campaigns')
      .values({
        organization_id: stage.actor.organizationId,
        name: 'Spring sale',
        channel: 'whatsapp',
        message: '{}',
        audience: '{}',
        template_version_id: text?.versionId ?? null,
      })
      .execute();
    await saved('Versions', 'three', first.id);
    const answered = await templates.handlers.versions({ templateId: first.id }, context());
    if (!answered.ok) throw new Error(answered.error.message);
    expect(answered.value.versions).toMatchObject([
      { version: 3, savedBy: 'Op', restoredFrom: null, campaigns: [] },
      { version: 2, savedBy: 'Op', campaigns: [{ name: 'Spring sale' }] },
      { version: 1, savedBy: 'Op', campaigns: [] },
    ]);
    expect(Date.parse(answered.value.versions[1]?.campaigns[0]?.at ?? '')).toBeGreaterThan(
      Date.now() - 60_000,
    );
    const old = { templateId: first.id, version: 2 };
    expect(await templates.handlers.version(old, context())).toMatchObject({ value: { body: second.body } });
    expect(await templates.handlers.version({ ...old, version: 9 }, context())).toMatchObject({
      error: { code: 'not_found' },
    });
  });

  it('restores an old version as a new one', async () => {
    const first = await saved('Restored', 'one {{name}}');
    await saved('Restored', 'two', first.id);
    const restored = await templates.handlers.restore({ templateId: first.id, version: 1 }, context());
    expect(restored).toMatchObject({
      value: { version: 3, body: 'one {{name}}', variables: [{ name: 'name' }] },
    });
    const versions = await templates.handlers.versions({ templateId: first.id }, context());
    expect(versions).toMatchObject({ value: { versions: [{ restoredFrom: 1 }, {}, {}] } });
    expect(await templates.handlers.restore({ templateId: first.id, version: 1 }, context())).toMatchObject({
      error: { code: 'conflict', message: 'Version 1 has the text that is current now.' },
    });
  });

  it('does not let one save overwrite another', async () => {
    const first = await saved('Both', 'one');
    await saved('Both', 'two', first.id);
    expect(await save('Both', 'mine', first.id, 1)).toMatchObject({
      error: { code: 'conflict', message: 'Somebody saved version 2 meanwhile.' },
    });
    const both = await Promise.all(['a', 'b', 'c'].map((body) => save('Both', body, first.id, 2)));
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await templates.handlers.get({ templateId: first.id }, context())).toMatchObject({
      value: { version: 3 },
    });
  });

  it('brings a removed one back, unless its name is taken', async () => {
    const { id } = await saved('Back', 'x');
    await templates.handlers.remove({ templateId: id }, context());
    const removed = await templates.handlers.list({ removed: true }, context());
    expect(removed.ok && removed.value.templates.map((one) => one.id)).toContain(id);
    expect(await templates.handlers.bringBack({ templateId: id }, context())).toMatchObject({
      value: { id, name: 'Back' },
    });
    expect(await templates.handlers.bringBack({ templateId: id }, context())).toMatchObject({
      error: { code: 'not_found' },
    });
    await templates.handlers.remove({ templateId: id }, context());
    await saved('BACK', 'y');
    expect(await templates.handlers.bringBack({ templateId: id }, context())).toMatchObject({
      error: { code: 'conflict' },
    });
  });

  it('duplicates under a name that is free', async () => {
    const { id } = await saved('Twin', 'Hi {{name}}');
    const copy = await templates.handlers.duplicate({ templateId: id }, context());
    expect(copy).toMatchObject({ value: { name: 'Twin (copy)', version: 1, body: 'Hi {{name}}' } });
    if (!copy.ok) throw new Error(copy.error.message);
    expect(await templates.handlers.duplicate({ templateId: copy.value.id }, context())).toMatchObject({
      value: { name: 'Twin (copy 2)' },
    });
    const long = await saved('L'.repeat(120), 'x');
    expect(await templates.handlers.duplicate({ templateId: long.id }, context())).toMatchObject({
      value: { name: `${'L'.repeat(113)} (copy)` },
    });
  });

  it('counts what contacts have to print', async () => {
    const other = { ...stage.actor };
    const { id } = await stage.database
      .insertInto('organizations')
      .values({ name: 'Fields' })
      .returning('id')
      .executeTakeFirstOrThrow();
    const actor = { ...other, organizationId: id };
    await addContacts({ database: stage.database, actor }, 10, (n) => ({
      name: n < 6 ? `N${n}` : n === 6 ? '' : null,
      email: n < 3 ? `p${n}@example.com` : null,
      custom: {
        ...(n < 8 && { city: 'Riyadh' }),
        amount: n === 0 ? '' : n,
        list: ['never', 'printed'],
        name: 'shadowed by the own field',
      },
    }));
    expect(await templates.service.fields(actor)).toEqual({
      contacts: 10,
      fields: [
        { name: 'name', contacts: 6 },
        { name: 'phone', contacts: 10 },
        { name: 'email', contacts: 3 },
        { name: 'amount', contacts: 9 },
        { name: 'city', contacts: 8 },
      ],
    });
  });

  it('tries a text out for a contact, hand-typed values first', async () => {
    const [contact] = await addContacts(stage, 1, () => ({ name: 'Sara', custom: { n: 7, bad: { a: 1 } } }));
    const tried = await templates.handlers.tryOut(
      { body: '{{name}} {{n}} {{bad}} {{__proto__}}{{x|y}}', contactId: contact?.id, values: { n: '8' } },
      context(),
    );
    expect(tried).toMatchObject({
      value: { rendered: 'Sara 8  y', missing: ['bad', '__proto__'], problems: [] },
    });
  });

  it('renders a saved version for an audience as a job', async () => {
    const template = await saved('Batch', 'Dear {{name}}, {{order_id}}');
    const contacts = await addContacts(stage, 450, (n) => ({
      custom: n % 3 === 0 ? {} : { order_id: `O${n}` },
    }));
    const ids = contacts.map(({ id }) => id);
    const queued = await templates.handlers.process({ templateId: template.id, contactIds: ids }, context());
    expect(queued).toMatchObject({ value: { contacts: 450 } });
    if (!queued.ok) throw new Error(queued.error.message);
    expect(await stage.engine.queue('template-processing').job(queued.value.jobId)).toMatchObject({
      state: 'waiting',
      data: { templateId: template.id, version: 1 },
      subject: 'Batch · 450 contacts',
    });
    const process = createTemplateProcessor(stage.database);
    const run = testRun('template-processing', {
      organizationId: OrganizationId.parse(stage.actor.organizationId),
      userId: ProfileId.parse(stage.actor.userId),
      templateId: template.id,
      version: 1,
      contactIds: [...ids, ContactId.parse(randomUUID())],
    });
    const outcome = await process(run);
    expect(outcome).toMatchObject({
      type: 'done',
      status: 'partial_success',
      result: {
        total: 451,
        successCount: 450,
        failureCount: 1,
        withMissingValues: 150,
        missing: { order_id: 150 },
      },
    });
    const { rendered } = Rendered.parse(outcome.type === 'done' ? outcome.result : undefined);
    expect(rendered).toHaveLength(450);
    expect(rendered[1]).toEqual({ contactId: ids[1], text: 'Dear Person 1, O1', missing: [] });
    expect(run.percents.at(-1)).toBe(100);
  });
});

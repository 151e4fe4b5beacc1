import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ContactId, OrganizationId, ProfileId, type TemplateId } from '@shared/domain/ids';
import type { Template } from '@shared/contract/templates';
import { addContacts, openStage, profiles, testRun, type Stage } from '../../e2e/fixtures/campaign-stage';
import { SET_UP_MS } from '../database/testing/databases';
import { createTemplates, type Templates } from '.';
import { createTemplateProcessor } from './processor';
import { createTemplateRepository } from './repository';

const Rendered = z.object({ rendered: z.array(z.unknown()) });

describe.each(profiles)('templates on the %s profile', (profile) => {
  let stage: Stage;
  let templates: Templates;
  beforeAll(async () => {
    stage = await openStage(profile);
    templates = createTemplates({
      database: stage.database,
      queues: { addJob: (job) => stage.engine.queue(job.queue).add(job) },
      audit: () => Promise.resolve(),
    });
  }, SET_UP_MS);
  afterAll(() => stage.close());

  const context = () => ({ actor: stage.actor, signal: new AbortController().signal });
  const save = (name: string, body: string, templateId?: TemplateId) =>
    templates.handlers.save(
      { name, channel: 'whatsapp', subject: null, body, ...(templateId === undefined ? {} : { templateId }) },
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
    const list = await templates.handlers.list({}, context());
    expect(list.ok && list.value.templates.filter(({ name }) => name === 'Once')).toHaveLength(1);
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
    const process = createTemplateProcessor({ repository: createTemplateRepository(stage.database) });
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

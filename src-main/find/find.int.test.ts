import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import type { JobSummary } from '@shared/contract/queues';
import { linkTo } from '@shared/domain/console-link';
import { CampaignId, JobId } from '@shared/domain/ids';
import { createDatabase } from '../database/database';
import { migrate } from '../database/migrate';
import { createPgPool } from '../database/pool';
import { testDatabaseUrl } from '../../e2e/fixtures/services';
import { FindService, type FindNews } from './service';

const job = (id: string, queue: string): JobSummary =>
  // Only what is listed matters here.
  ({ id: JobId.parse(id), queue, name: 'send-bulk-message', state: 'failed' }) as unknown as JobSummary;

const open = async () => {
  const pool = createPgPool(await testDatabaseUrl());
  await migrate(pool);
  const one = async (text: string, values: unknown[]): Promise<string> => {
    const { rows } = await pool.query<{ id: string }>(`${text} RETURNING id`, values);
    return rows[0]?.id ?? '';
  };
  const organizationId = await one('INSERT INTO organizations (name) VALUES ($1)', ['Mine']);
  const other = await one('INSERT INTO organizations (name) VALUES ($1)', ['Theirs']);
  for (const organization of [organizationId, other])
    await pool.query(
      `INSERT INTO contacts (organization_id, phone, name, email)
       VALUES ($1, '+966512345678', 'Sara Ali', 'sara@example.com'), ($1, '+966587654321', 'Omar 100%', NULL)`,
      [organization],
    );
  const campaignId = await one(
    `INSERT INTO campaigns (organization_id, name, channel, message, audience) VALUES ($1, $2, 'whatsapp', '{}', '{}')`,
    [organizationId, 'Eid offer'],
  );
  await one(`INSERT INTO imports (organization_id, file_name) VALUES ($1, $2)`, [
    organizationId,
    'eid-leads.xlsx',
  ]);
  await one(`INSERT INTO templates (organization_id, channel, name) VALUES ($1, 'whatsapp', $2)`, [
    organizationId,
    'Eid greeting',
  ]);
  const service = new FindService({
    engine: {
      findJob: (id) =>
        Promise.resolve(id === '42' ? [job('42', 'bulk-messages'), job('42', 'contact-import')] : []),
    },
    database: createDatabase(pool),
    isServer: true,
    defaultCountry: () => 'SA',
    report: (kind, error) => {
      throw new Error(kind, { cause: error });
    },
  });
  return { pool, organizationId, campaignId, service };
};

describe('the palette', () => {
  let env: Awaited<ReturnType<typeof open>>;
  beforeAll(async () => {
    env = await open();
    return () => env.pool.end();
  });

  const found = async (text: string): Promise<string[]> => {
    const news: FindNews[] = [];
    await env.service.run(text, {
      organizationId: env.organizationId,
      signal: new AbortController().signal,
      onNews: (each) => news.push(each),
    });
    return news.flatMap((each) => each.found.map(({ kind, title }) => `${kind} ${title}`)).sort();
  };

  it('finds a job in every queue that has its id, and the one that a link names', async () => {
    expect(await found('42')).toHaveLength(2);
    const link = linkTo({ kind: 'job', queue: 'contact-import', id: JobId.parse('42') });
    expect(await found(link)).toEqual(['job send-bulk-message 42']);
  });

  it('finds campaigns, imports and templates by a part of their name', async () => {
    expect(await found('eid')).toEqual([
      'campaign Eid offer',
      'import eid-leads.xlsx',
      'template Eid greeting',
    ]);
  });

  it('finds a thing by its id and by its link, and nothing for one that is gone', async () => {
    expect(await found(env.campaignId)).toEqual(['campaign Eid offer']);
    expect(await found(linkTo({ kind: 'campaign', id: CampaignId.parse(env.campaignId) }))).toEqual([
      'campaign Eid offer',
    ]);
    expect(await found(linkTo({ kind: 'campaign', id: CampaignId.parse(randomUUID()) }))).toEqual([]);
  });

  it.each([
    ['a phone in international form', '+966 51 234 5678'],
    ['with 00', '00966512345678'],
    ['as one writes it at home', '0512345678'],
    ['its beginning', '+96651'],
    ['an email address', 'Sara@Example.com'],
    ['a word of the name', 'ali'],
  ])('finds a contact of this organization by %s', async (_how, text) => {
    expect(await found(text)).toEqual(['contact Sara Ali']);
  });

  it('takes a percent sign for one', async () => {
    expect(await found('s%a')).toEqual([]);
    expect(await found('omar 100%')).toEqual(['contact Omar 100%']);
  });

  it('says nothing more once nobody listens', async () => {
    const away = new AbortController();
    const news: FindNews[] = [];
    const run = env.service.run('sara', {
      organizationId: env.organizationId,
      signal: away.signal,
      onNews: (each) => news.push(each),
    });
    away.abort();
    await run;
    expect(news).toEqual([]);
  });
});

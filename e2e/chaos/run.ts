import { setTimeout as delay } from 'node:timers/promises';
import type { CampaignDetail } from '../../src-shared/contract/campaigns';
import { unwrap, type Result } from '../../src-shared/errors';
import type { ConsoleRpc } from '../fixtures/console-rpc';
import { disturbancesOf, EMBEDDED_KINDS, SHARED_KINDS, type Disturbance } from './disturbances';
import { isTaken, readProviderLog, type Item } from './provider-log';
import { randomOf } from './random';
import { APP_SECRET, openChaosStage, RESEND_SECRET, type ChaosStage } from './stage';
import { askedFor, type CampaignEvidence, type JobResultRow, violationsOf } from './verdict';
import { resendEvent, whatsappStatuses } from './webhooks';

export interface ChaosOptions {
  readonly seed: number;
  readonly recipients: number;
  readonly profile: 'shared' | 'embedded';
  readonly say: (line: string) => void;
}

export interface ChaosReport {
  readonly seed: number;
  readonly profile: string;
  readonly recipients: number;
  readonly seconds: number;
  readonly disturbances: readonly string[];
  /** How many of them came while there was something left to send. */
  readonly whileSending: number;
  /** By channel, before the delivery reports. */
  readonly counts: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly requests: number;
  /** Messages that were asked for at least once, over both channels. */
  readonly askedFor: number;
  /** Recipients who stayed unknown although nothing of theirs was accepted: nobody can know. */
  readonly stillUnknown: number;
  /** Empty where nobody was sent to twice, nobody was lost and all totals add up. */
  readonly violations: readonly string[];
}

const CHANNELS = ['whatsapp', 'email'] as const;
type Channel = (typeof CHANNELS)[number];
type Campaigns = Readonly<Record<Channel, CampaignDetail['id']>>;

const POLL_MS = 250;
/** The pace leaves so much time for each disturbance, so that the next one still finds something to disturb. */
const SECONDS_EACH = 5;
/** No request for so long: the next disturbance does not wait for its share any more. */
const QUIET_MS = 8_000;
/** Nothing moved for so long: whatever is open is lost. Longer than the recovery's minute and a dead worker's time. */
const STUCK_MS = 150_000;
/** What is written down after the end (job results) may take this long. */
const SETTLE_MS = 75_000;

/** Two campaigns, one of each channel, to the same people, while machines die. Everything follows from the seed. */
export async function runChaos({ seed, recipients, profile, say }: ChaosOptions): Promise<ChaosReport> {
  const startedAt = Date.now();
  const random = randomOf(seed, 'disturbances');
  const kinds = profile === 'shared' ? SHARED_KINDS : EMBEDDED_KINDS;
  const disturbances = disturbancesOf(kinds, recipients, random);
  const messagesPerSecond = Math.ceil(recipients / disturbances.length / SECONDS_EACH);
  const stage = await openChaosStage({ profile, seed: String(seed), messagesPerSecond });
  try {
    await importContacts(stage, recipients);
    const campaigns = await launch(stage);
    say(`seed ${seed}: ${recipients} recipients on each channel, ${profile} profile`);
    const shares = await disturbUntilOver(stage, campaigns, recipients, disturbances, say);
    const before = await settled(stage, campaigns, recipients);
    say(`sent to; ${before.violations.length} violations. Delivery reports come now`);
    const reported = await reportEverything(stage, campaigns, recipients);
    const requests = readProviderLog(stage.providerLog);
    if (before.violations.length + reported.violations.length > 0) say(stage.output());
    return {
      seed,
      profile,
      recipients,
      seconds: Math.round((Date.now() - startedAt) / 1_000),
      disturbances: disturbances.map(({ kind, at }) => `${kind} at ${Math.round(at * 100)} %`),
      whileSending: shares.filter((share) => share < 1).length,
      counts: Object.fromEntries(before.evidence.map(({ channel, counts }) => [channel, nonZero(counts)])),
      requests: requests.length,
      askedFor: askedFor(requests).size,
      stillUnknown: reported.stillUnknown,
      violations: [...before.violations, ...reported.violations],
    };
  } finally {
    await stage.close();
  }
}

const nonZero = (counts: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));

async function importContacts({ url, token }: ChaosStage, recipients: number): Promise<void> {
  const rows = Array.from({ length: recipients }, (_, n) => {
    const number = String(10_000_000 + n);
    return `Person ${n},+9665${number},person${n}@example.com`;
  });
  const form = new FormData();
  form.set('file', new Blob([['name,phone,email', ...rows].join('\n')]), 'contacts.csv');
  const headers = { Authorization: `Bearer ${token}` };
  const started = await fetch(`${url}/api/imports`, { method: 'POST', headers, body: form });
  const { importId } = (await started.json()) as { importId: string };
  for (;;) {
    const answer = await fetch(`${url}/api/imports/${importId}`, { headers });
    const { import: state } = (await answer.json()) as { import: { state: string; inserted: number } };
    if (state.state === 'completed' && state.inserted === recipients) return;
    if (['failed', 'cancelled', 'completed'].includes(state.state)) {
      throw new Error(`the import is ${JSON.stringify(state)}`);
    }
    await delay(POLL_MS);
  }
}

async function launch(stage: ChaosStage): Promise<Campaigns> {
  const rpc = await stage.console();
  const { client } = rpc;
  const common = { audience: { kind: 'all' }, priority: 1, missing: 'refuse' } as const;
  const whatsapp = unwrap(
    await client.campaigns.launch({
      ...common,
      name: 'Chaos by WhatsApp',
      message: {
        channel: 'whatsapp',
        type: 'text',
        body: 'Hello {{name}}',
        mediaUrl: null,
        templateId: null,
      },
    }),
  );
  const email = unwrap(
    await client.campaigns.launch({
      ...common,
      name: 'Chaos by email',
      message: {
        channel: 'email',
        emailType: 'campaign',
        subject: 'Hello {{name}}',
        body: '<p>Hello {{name}}</p>',
        templateId: null,
      },
    }),
  );
  rpc.close();
  return { whatsapp: whatsapp.campaignId, email: email.campaignId };
}

/**
 * Disturbs at each point, and waits until both campaigns are over. Answers which share of all messages had been asked
 * for at each. @throws where nothing moves any more
 */
async function disturbUntilOver(
  stage: ChaosStage,
  campaigns: Campaigns,
  recipients: number,
  disturbances: readonly Disturbance[],
  say: (line: string) => void,
): Promise<number[]> {
  const left = [...disturbances];
  const shares: number[] = [];
  let seen = '';
  let movedAt = Date.now();
  for (;;) {
    const asked = askedFor(readProviderLog(stage.providerLog)).size;
    const [next] = left;
    if (next !== undefined && (asked >= next.at * recipients * 2 || Date.now() - movedAt > QUIET_MS)) {
      left.shift();
      shares.push(asked / recipients / 2);
      say(`${Math.round((asked / recipients / 2) * 100)} %: ${next.kind}`);
      await stage.disturb(next);
      movedAt = Date.now();
    }
    const states = await statesOf(stage, campaigns);
    const now = JSON.stringify([asked, states]);
    if (now !== seen) movedAt = Date.now();
    seen = now;
    if (states?.every((state) => state === 'completed') === true && left.length === 0) return shares;
    if (Date.now() - movedAt > STUCK_MS) {
      throw new Error(`nothing moves any more: ${now}\n${stage.output()}`);
    }
    await delay(POLL_MS);
  }
}

/** Null while the console cannot be asked. A campaign that was paused is resumed, as its operator would. */
async function statesOf(stage: ChaosStage, campaigns: Campaigns): Promise<string[] | null> {
  return asked(stage, async ({ client }) => {
    const states: string[] = [];
    for (const channel of CHANNELS) {
      const campaignId = campaigns[channel];
      const { state } = must(await client.campaigns.get({ campaignId }));
      if (state === 'paused') await client.campaigns.resume({ campaignId });
      states.push(state);
    }
    return states;
  });
}

/** Null where the console was not there, or went meanwhile. */
async function asked<T>(stage: ChaosStage, ask: (rpc: ConsoleRpc) => Promise<T>): Promise<T | null> {
  let rpc: ConsoleRpc | undefined;
  try {
    rpc = await stage.console();
    return await ask(rpc);
  } catch {
    return null;
  } finally {
    rpc?.close();
  }
}

const must = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
};

interface Settled {
  readonly evidence: readonly CampaignEvidence[];
  readonly violations: readonly string[];
}

/** The evidence once it is free of violations, or as it is after a while. */
async function settled(
  stage: ChaosStage,
  campaigns: Campaigns,
  recipients: number,
  further: (evidence: readonly CampaignEvidence[]) => string[] = () => [],
): Promise<Settled> {
  const deadline = Date.now() + SETTLE_MS;
  for (;;) {
    const evidence = await asked(stage, (rpc) => evidenceOf(rpc, stage, campaigns, recipients));
    if (evidence !== null) {
      const violations = [...evidence.flatMap(violationsOf), ...further(evidence)];
      if (violations.length === 0 || Date.now() > deadline) return { evidence, violations };
    } else if (Date.now() > deadline) throw new Error('the console cannot be asked');
    await delay(POLL_MS * 4);
  }
}

async function evidenceOf(
  { client }: ConsoleRpc,
  stage: ChaosStage,
  campaigns: Campaigns,
  recipients: number,
): Promise<CampaignEvidence[]> {
  const requests = readProviderLog(stage.providerLog);
  const { campaigns: listed } = must(await client.campaigns.list({ limit: 10 }));
  return Promise.all(
    CHANNELS.map(async (channel) => {
      const campaignId = campaigns[channel];
      const { state, counts } = must(await client.campaigns.get({ campaignId }));
      const proof = must(await client.campaigns.verify({ campaignId }));
      if (proof.verified !== true) throw new Error(`${channel}: the frozen content is not what it was`);
      return {
        channel,
        state,
        counts,
        totals: listed.find(({ id }) => id === campaignId)?.counts ?? {},
        recipients,
        ledger: await ledgerOf(client, campaignId, recipients),
        jobs: await jobsOf(client, campaignId),
        requests: requests.filter((request) => request.channel === channel),
      };
    }),
  );
}

async function ledgerOf(
  client: ConsoleRpc['client'],
  campaignId: CampaignDetail['id'],
  recipients: number,
): Promise<CampaignEvidence['ledger']> {
  const rows: { id: string; recipient: string; state: CampaignEvidence['ledger'][number]['state'] }[] = [];
  for (let start = 0; start < recipients; start += 500) {
    const page = must(await client.campaigns.deliveries({ campaignId, start, count: 500 }));
    rows.push(...page.deliveries);
    if (page.deliveries.length === 0) break;
  }
  return rows;
}

const figures = ['successCount', 'failureCount', 'unknownCount', 'skippedCount', 'cancelledCount'] as const;

async function jobsOf(client: ConsoleRpc['client'], campaignId: string): Promise<JobResultRow[]> {
  const rows: JobResultRow[] = [];
  let cursor: string | undefined;
  do {
    const page = must(
      await client.activity.jobLogs({ limit: 500, ...(cursor === undefined ? {} : { cursor }) }),
    );
    for (const { jobId, status, result } of page.logs) {
      if (!jobId.startsWith(`campaign-${campaignId}-`) || jobId.includes('-all-')) continue;
      const counts = (result ?? {}) as Partial<Record<string, number>>;
      const sum = figures.reduce((all, name) => all + (counts[name] ?? 0), 0);
      rows.push({ jobId, status, total: counts['total'] ?? 0, sum });
    }
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return rows;
}

/** Every report of every accepted message, doubled and out of order; then nobody accepted may be unknown. */
async function reportEverything(
  stage: ChaosStage,
  campaigns: Campaigns,
  recipients: number,
): Promise<Settled & { readonly stillUnknown: number }> {
  const taken = readProviderLog(stage.providerLog).filter(isTaken);
  const random = randomOf('reports', recipients);
  const items = (channel: Channel): Item[] => [
    ...new Map(
      taken
        .filter((request) => request.channel === channel)
        .flatMap((request) => request.items.map((item) => [item.messageId, item] as const)),
    ).values(),
  ];
  const statuses = items('whatsapp').flatMap((item) =>
    ['sent', 'delivered', 'delivered'].map((status) => ({ ...item, status })),
  );
  const mixed = random.shuffled(statuses);
  for (let start = 0; start < mixed.length; start += 1_000) {
    const { body, headers } = whatsappStatuses(mixed.slice(start, start + 1_000), APP_SECRET);
    await post(`${stage.url}/webhooks/whatsapp`, body, headers);
  }
  const emails = items('email');
  for (let start = 0; start < emails.length; start += 50) {
    await Promise.all(
      emails.slice(start, start + 50).map((item) => {
        const { body, headers } = resendEvent(item, 'email.delivered', RESEND_SECRET);
        return post(`${stage.url}/webhooks/resend`, body, headers);
      }),
    );
  }
  const accepted = new Set([...items('whatsapp'), ...emails].map(({ deliveryId }) => deliveryId));
  const after = await settled(stage, campaigns, recipients, (evidence) =>
    evidence.flatMap(({ channel, ledger }) =>
      ledger
        .filter(({ id, state }) => accepted.has(id) && state !== 'delivered')
        .map(({ recipient, state }) => `${channel} ${recipient}: ${state} after its delivery was reported`),
    ),
  );
  const unknown = after.evidence.flatMap(({ ledger }) => ledger.filter(({ state }) => state === 'unknown'));
  return { ...after, stillUnknown: unknown.length };
}

async function post(url: string, body: string, headers: Readonly<Record<string, string>>): Promise<void> {
  const answer = await fetch(url, { method: 'POST', body, headers });
  if (answer.status !== 200) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
}

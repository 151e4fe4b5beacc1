import { z } from 'zod';
import { CampaignId, ContactId, ImportId, JobId, ScheduleId, TemplateId } from './ids';

/** The scheme of links into the console: `adsapp://job?queue=bulk-messages&id=42`. */
export const LINK_SCHEME = 'adsapp';
const MAX_LINK_LENGTH = 6_000;
/** The fields of a target by their place in the path; one `id` for all others. */
const PATHS: Readonly<Record<string, readonly string[]>> = {
  job: ['queue', 'id'],
  queue: ['queue'],
  failures: ['cause'],
  search: ['q'],
};

const text = (most: number) => z.string().min(1).max(most);

/** What a link points at. A link only ever shows something; it changes nothing. */
export const ConsoleTarget = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('job'), queue: text(200), id: JobId }),
  z.object({ kind: z.literal('queue'), queue: text(200) }),
  z.object({ kind: z.literal('campaign'), id: CampaignId }),
  z.object({ kind: z.literal('import'), id: ImportId }),
  z.object({ kind: z.literal('contact'), id: ContactId }),
  z.object({ kind: z.literal('template'), id: TemplateId }),
  z.object({ kind: z.literal('schedule'), id: ScheduleId }),
  z.object({ kind: z.literal('incident'), id: z.uuid() }),
  /** Failures of one cause. */
  z.object({ kind: z.literal('failures'), cause: text(16) }),
  /** A search over the jobs of all queues. */
  z.object({ kind: z.literal('search'), q: text(4_000) }),
]);
export type ConsoleTarget = z.infer<typeof ConsoleTarget>;

/** The link that shows this. `targetOf` reads it back. */
export function linkTo({ kind, ...fields }: ConsoleTarget): string {
  return `${LINK_SCHEME}://${kind}?${new URLSearchParams(fields).toString()}`;
}

/** What a link points at; null where it is none of ours, or is not whole. */
export function targetOf(link: string): ConsoleTarget | null {
  const url = linkUrl(link);
  if (url === null) return null;
  const fields = inPath(url.host, url.pathname);
  if (fields === null) return null;
  const parsed = ConsoleTarget.safeParse({
    ...Object.fromEntries(url.searchParams),
    ...fields,
    kind: url.host,
  });
  return parsed.success ? parsed.data : null;
}

/** What somebody wrote by hand: `adsapp://job/<queue>/<id>`, `adsapp://campaign/<id>`. Null where it is too much. */
function inPath(kind: string, pathname: string): Readonly<Record<string, string>> | null {
  const parts = pathname.split('/').slice(1);
  if (parts.at(-1) === '') parts.pop();
  const names = PATHS[kind] ?? ['id'];
  if (parts.length === 0) return {};
  if (parts.length !== names.length) return null;
  try {
    return Object.fromEntries(names.map((name, index) => [name, decodeURIComponent(parts[index] ?? '')]));
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}

/** Where the window shows a target: its screen with the search parameters that the screen reads. */
export function addressOf(target: ConsoleTarget): string {
  switch (target.kind) {
    case 'job':
      return address('/jobs', { queue: target.queue, job: target.id });
    case 'queue':
      return address('/jobs', { queue: target.queue });
    case 'campaign':
      return address('/campaigns', { id: target.id });
    case 'import':
      return address('/import', { id: target.id });
    case 'contact':
      return address('/contacts', { contact: target.id });
    case 'template':
      return address('/templates', { id: target.id });
    case 'schedule':
      return address('/schedules', { id: target.id });
    case 'incident':
      return address('/alerts', { id: target.id });
    case 'failures':
      return address('/failures', { view: 'causes', cause: target.cause });
    case 'search':
      return address('/jobs', { q: target.q });
  }
}

/**
 * The address in the window that a link shows; null where it is no link of ours. It is not trusted: it may come
 * from a web page. `adsapp://open/<screen>?…` shows any screen.
 */
export function addressOfLink(link: string): string | null {
  const target = targetOf(link);
  if (target !== null) return addressOf(target);
  const url = linkUrl(link);
  if (url?.host !== 'open' || !/^(?:\/[\w-]+)*\/?$/.test(url.pathname)) return null;
  return `${url.pathname === '' ? '/' : url.pathname}${url.search}`;
}

/** What was pasted or dropped, as one line to look for: its first line that says something. */
export const lineOf = (pasted: string): string =>
  pasted
    .split(/[\r\n]+/)
    .map((line) => line.trim().replace(/^["'<]+|[>"']+$/g, ''))
    .find((line) => line !== '')
    ?.slice(0, 500) ?? '';

function linkUrl(link: string): URL | null {
  if (link.length > MAX_LINK_LENGTH || !link.startsWith(`${LINK_SCHEME}:`)) return null;
  try {
    const url = new URL(link);
    return url.protocol === `${LINK_SCHEME}:` ? url : null;
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

/**
 * The router reads a parameter that looks like JSON as JSON: a job's id `42` would become a number. In quotes it
 * stays text.
 */
function address(path: string, search: Readonly<Record<string, string>>): string {
  const parameters = Object.entries(search).map(
    ([name, value]) => `${name}=${encodeURIComponent(isJson(value) ? JSON.stringify(value) : value)}`,
  );
  return `${path}?${parameters.join('&')}`;
}

function isJson(value: string): boolean {
  try {
    JSON.parse(value);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

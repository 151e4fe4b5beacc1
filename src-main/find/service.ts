import { FOUND_PER_KIND, type Found, type FoundKind } from '@shared/contract/find';
import type { JobSummary } from '@shared/contract/queues';
import { type ConsoleTarget, targetOf } from '@shared/domain/console-link';
import { CampaignId, ContactId, ImportId, JobId, ScheduleId, TemplateId } from '@shared/domain/ids';
import { createPhoneNormaliser, parseCountryCode } from '@shared/domain/phone';
import { AppFailure } from '@shared/errors';
import { z } from 'zod';
import { cancellable } from '../database/cancellable';
import type { Database, Executor } from '../database/database';
import type { Engine } from '../engine/engine';
import {
  findCampaigns,
  findContactsByKey,
  findContactsByText,
  findImports,
  findSchedules,
  findTemplates,
  type NamedRow,
  type Wanted,
} from './repository';

/** What is known of one kind. */
export interface FindNews {
  readonly kind: FoundKind;
  readonly found: Found[];
  /** It could not be asked: an engine or a database that is away. */
  readonly failed: boolean;
}

export interface FindDependencies {
  readonly engine: Pick<Engine, 'findJob'>;
  readonly database: Database;
  /** Whether the database is a server, which can be told to stop. */
  readonly isServer: boolean;
  /** In which local phone numbers are read; null for none. */
  readonly defaultCountry: () => string | null;
  /** Told why a kind could not be asked. */
  readonly report: (kind: FoundKind, error: unknown) => void;
}

export interface FindRun {
  readonly organizationId: string;
  readonly signal: AbortSignal;
  readonly onNews: (news: FindNews) => void;
}

/** Below this a part of a name finds nearly everything. */
const MIN_NAME_LENGTH = 2;

/** Finds what the palette is asked for, over the engine and the database. */
export class FindService {
  constructor(private readonly deps: FindDependencies) {}

  /**
   * Tells of each kind as soon as it is known, and resolves when all have answered. A link is looked for by what
   * it points at. A kind that cannot be asked is told as `failed`; the others answer all the same.
   */
  async run(text: string, { organizationId, signal, onNews }: FindRun): Promise<void> {
    const target = targetOf(text);
    const kinds =
      target === null ? this.#byText(text, organizationId) : this.#byTarget(target, organizationId);
    await Promise.all(
      kinds.map(async ({ kind, ask }) => {
        try {
          const found = await ask(signal);
          if (!signal.aborted) onNews({ kind, found: found.slice(0, FOUND_PER_KIND), failed: false });
        } catch (error) {
          if (signal.aborted || (error instanceof AppFailure && error.error.code === 'cancelled')) return;
          this.deps.report(kind, error);
          onNews({ kind, found: [], failed: true });
        }
      }),
    );
  }

  #byText(text: string, organizationId: string): Question[] {
    const { database: db } = this.deps;
    const wanted: Wanted = {
      organizationId,
      text,
      id: z.uuid().safeParse(text).data ?? null,
      phones: this.#phones(text),
      limit: FOUND_PER_KIND,
    };
    const jobs: Question = { kind: 'job', ask: () => this.#jobs(text) };
    if (wanted.id === null && text.length < MIN_NAME_LENGTH) return [jobs];
    return [
      jobs,
      { kind: 'contact', ask: (signal) => this.#contacts(wanted, signal) },
      ...namedKinds.map(({ kind, rows, target }) => ({
        kind,
        ask: async () => (await rows(db, wanted)).map(found(kind, target)),
      })),
    ];
  }

  #byTarget(target: ConsoleTarget, organizationId: string): Question[] {
    switch (target.kind) {
      case 'job':
        return [{ kind: 'job', ask: async () => (await this.#jobs(target.id)).filter(isIn(target.queue)) }];
      case 'campaign':
      case 'import':
      case 'contact':
      case 'template':
      case 'schedule':
        return this.#byText(target.id, organizationId).filter(({ kind }) => kind === target.kind);
      // Screens, not things: the palette offers to open the link itself.
      case 'queue':
      case 'incident':
      case 'failures':
      case 'search':
        return [];
    }
  }

  async #jobs(text: string): Promise<Found[]> {
    const id = JobId.safeParse(text);
    return id.success ? (await this.deps.engine.findJob(id.data)).map(jobFound) : [];
  }

  async #contacts(wanted: Wanted, signal: AbortSignal): Promise<Found[]> {
    const { database: db, isServer } = this.deps;
    const asContact = found('contact', (id) => ({ kind: 'contact', id: ContactId.parse(id) }));
    const byKey = await findContactsByKey(db, wanted);
    if (wanted.id !== null || byKey.length > 0 || signal.aborted) return byKey.map(asContact);
    const search = (session: Executor): Promise<NamedRow[]> => findContactsByText(session, wanted);
    return (await (isServer ? cancellable(db, signal, search) : search(db))).map(asContact);
  }

  /** What phone numbers that are meant by a text begin with, in international form. */
  #phones(text: string): string[] {
    if (!/^[\s0-9+().-]{3,30}$/.test(text)) return [];
    const digits = text.replace(/[^0-9]/g, '').replace(/^00/, '');
    const country = parseCountryCode(this.deps.defaultCountry() ?? '');
    const read = createPhoneNormaliser(country)(text);
    return [
      ...new Set([...(read.ok ? [read.e164 as string] : []), ...(digits === '' ? [] : [`+${digits}`])]),
    ];
  }
}

interface Question {
  readonly kind: FoundKind;
  readonly ask: (signal: AbortSignal) => Promise<Found[]>;
}

interface NamedKind {
  readonly kind: FoundKind;
  readonly rows: (db: Executor, wanted: Wanted) => Promise<NamedRow[]>;
  readonly target: (id: string) => ConsoleTarget;
}

const namedKinds: readonly NamedKind[] = [
  { kind: 'campaign', rows: findCampaigns, target: (id) => ({ kind: 'campaign', id: CampaignId.parse(id) }) },
  { kind: 'import', rows: findImports, target: (id) => ({ kind: 'import', id: ImportId.parse(id) }) },
  { kind: 'template', rows: findTemplates, target: (id) => ({ kind: 'template', id: TemplateId.parse(id) }) },
  { kind: 'schedule', rows: findSchedules, target: (id) => ({ kind: 'schedule', id: ScheduleId.parse(id) }) },
];

const found =
  (kind: FoundKind, target: (id: string) => ConsoleTarget) =>
  ({ id, title, detail }: NamedRow): Found => ({ kind, title, detail, target: target(id) });

const jobFound = (job: JobSummary): Found => ({
  kind: 'job',
  title: `${job.name} ${job.id}`,
  detail: `${job.queue} · ${job.state}`,
  target: { kind: 'job', queue: job.queue, id: job.id },
});

const isIn =
  (queue: string) =>
  ({ target }: Found): boolean =>
    target.kind === 'job' && target.queue === queue;

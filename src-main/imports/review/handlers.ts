import type { Correction, ImportPreview, PreviewRow, RowSoFar } from '@shared/contract/imports';
import { AppFailure, ok, unwrap, type AppError, type Result } from '@shared/errors';
import type { DomainHandlers } from '@shared/rpc/define';
import type { BackgroundContract, ReviewPlace, ReviewPlan } from '../../background/contract';
import type { Database } from '../../database/database';
import { asResult } from '../as-result';
import { numberingFor } from '../continuing/continuing';
import { importedBefore } from '../continuing/numbering';
import { ownPhones } from '../continuing/repository';
import { addCorrection, findKnownPhones, findTwins, removeNewestCorrection } from './repository';
import type { ReviewSessions, ReviewThread } from './sessions';
import { Waiters } from './waiters';

const PHONES_A_LOOK = 5_000;

/** The background side of drafts under review: their threads, and what the database knows of their rows. */
export function createReviewHandlers(
  database: Database,
  sessions: ReviewSessions,
): DomainHandlers<BackgroundContract['review']> {
  const waiters = new Waiters();

  /** The thread with every row judged by these settings, and every phone looked up. */
  const judged = async (thread: ReviewThread, plan: ReviewPlan, signal: AbortSignal): Promise<void> => {
    const { mapping, options, continues, organizationId } = plan;
    const settings = { mapping, options, continues };
    const { judged: isJudged } = unwrap(await thread.isJudged(settings));
    if (!isJudged) {
      const numbering = continues === null ? null : await numberingFor(database, continues, plan.headers);
      sessions.tell(plan.importId, { step: 'judging', rows: 0, total: null });
      unwrap(await thread.judge({ ...settings, numbering }, { signal }));
    }
    while (!signal.aborted) {
      const { phones, row, total } = unwrap(await thread.unknownPhones({ limit: PHONES_A_LOOK }));
      if (phones.length === 0) return;
      sessions.tell(plan.importId, { step: 'comparing', rows: row, total });
      const known = await findKnownPhones(database, organizationId, phones);
      const own = continues === null ? [] : await ownPhones(database, organizationId, continues, known);
      unwrap(await thread.tellKnown({ phones: known, own }));
    }
    throw new AppFailure(cancelled);
  };

  /** The judging goes on while anybody waits for it: whoever scrolls away from a page does not end it for the others. */
  const onJudged = <T>(
    plan: ReviewPlan,
    signal: AbortSignal,
    work: (thread: ReviewThread) => Promise<T>,
  ): Promise<T> => {
    const { importId, mapping, options, continues } = plan;
    const waiting = waiters.join(JSON.stringify([importId, mapping, options, continues]), signal);
    return sessions
      .use(plan, async (thread) => {
        if (waiting.signal.aborted) throw new AppFailure(cancelled);
        await judged(thread, plan, waiting.signal).finally(() => sessions.tell(importId, undefined));
        if (signal.aborted) throw new AppFailure(cancelled);
        return work(thread);
      })
      .finally(waiting.leave);
  };

  const withContacts = async (organizationId: string, rows: readonly PreviewRow[]): Promise<PreviewRow[]> => {
    const phones = rows.flatMap(({ phone, twin }) => (phone === null || twin !== null ? [] : [phone]));
    if (phones.length === 0) return [...rows];
    const twins = await findTwins(database, organizationId, phones);
    return rows.map((row) => ({ ...row, twin: row.twin ?? twins.get(row.phone ?? '') ?? null }));
  };

  /** The row of the import that is gone on with which has written the contact with this phone. */
  const writerOf = async (
    { continues, organizationId }: ReviewPlan,
    phone: string | null,
  ): Promise<number | undefined> => {
    if (continues === null || phone === null) return undefined;
    const [own] = await ownPhones(database, organizationId, continues, [phone]);
    return own?.row;
  };

  /** Keeps what the thread has made of a correction; where that fails, the thread's rows are forgotten. */
  const keep = <Rows extends number | null>(
    place: ReviewPlace,
    correction: Correction,
    make: (what: { correction: Correction }) => Promise<Result<{ rows: Rows }>>,
  ): Promise<Rows> =>
    sessions.keep(place.importId, async () => {
      const { rows } = unwrap(await make({ correction }));
      if (rows === 0 || rows === null) return rows;
      try {
        if (!(await addCorrection(database, place, correction))) throw new AppFailure(started);
      } catch (error) {
        void sessions.close(place.importId);
        throw error;
      }
      return rows;
    });

  /** Checks a row while others are still being judged, where that is possible. */
  const checkSoFar = async (
    { mapping, options, continues, ...place }: ReviewPlan,
    row: number,
    cells: Record<string, string>,
  ): Promise<RowSoFar | null> => {
    const thread = sessions.now(place);
    if (thread === undefined) return null;
    return unwrap(await thread.soFarCheck({ mapping, options, continues, row, cells })).row;
  };

  /** Corrects rows that are still being judged, where that is possible. */
  const correctSoFar = async (place: ReviewPlace, correction: Correction): Promise<number | null> => {
    const thread = sessions.now(place);
    return thread === undefined ? null : keep(place, correction, thread.soFarCorrect);
  };

  return {
    preview: (plan, { signal }) =>
      asResult<ImportPreview>(() =>
        onJudged(plan, signal, async (thread) => unwrap(await thread.preview({}))),
      ),

    rows: ({ filter, start, count, ...plan }, { signal }) =>
      asResult(() =>
        onJudged(plan, signal, async (thread) => {
          const page = unwrap(await thread.rows({ filter, start, count }));
          return { total: page.total, rows: await withContacts(plan.organizationId, page.rows) };
        }),
      ),

    rowsSoFar: ({ start, count, ...plan }) =>
      asResult(async () => {
        const thread = sessions.now(plan);
        if (thread === undefined) return { total: 0, complete: false, judged: 0, rows: [] };
        const { mapping, options, continues } = plan;
        return unwrap(await thread.soFarRows({ mapping, options, continues, start, count }));
      }),

    checkRow: ({ row, cells, ...plan }, { signal }) =>
      asResult(
        async () =>
          (await checkSoFar(plan, row, cells)) ??
          onJudged(plan, signal, async (thread) => {
            const checked = unwrap(await thread.check({ row, cells }));
            const [found] = await withContacts(plan.organizationId, [checked.row]);
            if (found === undefined) throw new Error('A row without an answer.');
            if (found.twin?.kind !== 'contact') return found;
            const writer = await writerOf(plan, found.phone);
            if (writer === undefined) return { ...found, fate: checked.fateIfKnown };
            const phoneColumn =
              plan.headers[plan.mapping.findIndex(({ field }) => field === 'phone')] ?? null;
            const reasons = [importedBefore(phoneColumn, writer)];
            return { ...found, outcome: 'duplicate' as const, reasons, fate: checked.fateIfOwn };
          }),
      ),

    correct: ({ correction, ...place }) =>
      asResult(async () => ({
        rows:
          (await correctSoFar(place, correction)) ??
          (await sessions.use(place, (thread) => keep(place, correction, thread.correct))),
      })),

    excludeRows: ({ filter, exclude, ...plan }, { signal }) =>
      asResult(() =>
        onJudged(plan, signal, async (thread) => {
          const { correction } = unwrap(await thread.exclusionOf({ filter, exclude }));
          return { rows: await keep(plan, correction, thread.correct) };
        }),
      ),

    undoCorrection: (place) =>
      asResult(() =>
        sessions.use(place, (thread) =>
          sessions.keep(place.importId, async () => {
            await removeNewestCorrection(database, place);
            unwrap(await thread.undo({}));
            return {};
          }),
        ),
      ),

    progress: ({ importId }) => Promise.resolve(ok({ progress: sessions.progress(importId) ?? null })),

    async close({ importId }) {
      await sessions.close(importId);
      return ok({});
    },
  };
}

const cancelled: AppError = { code: 'cancelled', message: 'Judging the rows was given up.' };
const started: AppError = {
  code: 'conflict',
  message: 'This import was started already; its rows cannot be corrected any more.',
  action: 'Open the file again to import it once more.',
};

import { parentPort, workerData } from 'node:worker_threads';
import { fail, notFound, ok, type Result } from '@shared/errors';
import type { Handlers } from '@shared/rpc/define';
import { serverWireOver } from '@shared/rpc/duplex';
import { createRpcServer } from '@shared/rpc/server';
import { threadPortDuplex } from '../../background/ports';
import { reviewContract, ReviewTask } from './contract';
import { Review } from './review';
import { Turns } from './turns';

/** The background process is the only caller. */
const background = { organizationId: '', userId: '', via: 'system' } as const;

/** One call after the other: each finds the rows as the one before has left them. */
function createHandlers(opening: Promise<Review>): Handlers<typeof reviewContract> {
  const turns = new Turns();
  const inTurn = <T>(work: (review: Review) => T | Promise<T>): Promise<T> =>
    turns.next(async () => work(await opening));
  const answer = async <T>(work: (review: Review) => T | Promise<T>): Promise<Result<T>> =>
    ok(await inTurn(work));
  const answerSoon = async <T>(work: (review: Review) => Promise<T>): Promise<Result<T>> =>
    ok(await turns.soon(async () => work(await opening)));
  const done = () => ({});
  return {
    review: {
      grow: ({ upTo }) => answer((review) => review.grow(upTo).then(done)),
      soFarRows: ({ start, count, ...settings }) =>
        answerSoon((review) => review.soFar(settings, start, count)),
      soFarCheck: ({ row, cells, ...settings }) =>
        answerSoon(async (review) => ({ row: (await review.checkSoFar(settings, row, cells)) ?? null })),
      soFarCorrect: ({ correction }) =>
        answerSoon(async (review) => ({ rows: (await review.correctSoFar(correction)) ?? null })),
      isJudged: (settings) => answer((review) => ({ judged: review.isJudged(settings) })),
      judge: ({ numbering, ...settings }, { signal }) =>
        answer((review) => review.judge(settings, numbering, signal, () => turns.pause()).then(done)),
      unknownPhones: ({ limit }) =>
        answer((review) => ({ phones: review.unknownPhones(limit), ...review.compared() })),
      tellKnown: ({ phones, own }) =>
        answer((review) => {
          review.tellKnown(phones, own);
          return {};
        }),
      preview: () => answer((review) => review.preview()),
      rows: ({ filter, start, count }) => answer((review) => review.page(filter, start, count)),
      async check({ row, cells }) {
        const checked = await inTurn((review) => review.check(row, cells));
        return checked === undefined ? fail(notFound('row', String(row))) : ok(checked);
      },
      correct: ({ correction }) => answer(async (review) => ({ rows: await review.correct(correction) })),
      exclusionOf: ({ filter, exclude }) =>
        answer(async (review) => ({ correction: await review.exclusionOf(filter, exclude) })),
      undo: () => answer((review) => review.undo().then(done)),
    },
  };
}

/** A thread that holds the rows of one draft while somebody looks at them. */
function start(port: NonNullable<typeof parentPort>): void {
  const opening = Review.open(ReviewTask.parse(workerData));
  createRpcServer(reviewContract, createHandlers(opening), {
    report: (path, error) => process.emitWarning(`${path} failed: ${String(error)}`),
  }).serve(
    serverWireOver(threadPortDuplex(port), () =>
      process.emitWarning('Refused a message that makes no sense.'),
    ),
    background,
  );
}

if (parentPort === null) throw new Error('The review of rows runs in a thread of the background process.');
start(parentPort);

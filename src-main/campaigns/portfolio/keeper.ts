import { setTimeout as delay } from 'node:timers/promises';
import { transaction, type Database, type Transaction } from '../../database/database';
import { createCampaignRepository } from '../repository';
import {
  beginLook,
  endLook,
  followLimit,
  freeSome,
  holdSome,
  isTimeToLook,
  writeFirstLimit,
  writeLimit,
  type Look,
} from './holding/repository';

/** Keeps campaigns within WhatsApp's limit of people within 24 hours while they are sent. */
export interface LimitKeeper {
  /** A worker has come to the campaign: where nobody has looked at the limit since it stood still, that begins in the same commit. */
  begin(campaignId: string): Promise<void>;
  /** Looks again at who is held back, once it is time to. */
  look(campaignId: string): Promise<void>;
  /** Changes an organization's limit, also for what runs under one; null: there is none from now on. */
  change(organizationId: string, people: number | null, by: string | null): Promise<void>;
  /** Sets an organization's limit where nobody has set one yet, or said that there is none. */
  takeOver(organizationId: string, people: number): Promise<void>;
  /** What was launched while the limit was being changed, or was not told of it, follows it now. */
  followAll(): Promise<void>;
}

/** Recipients of one commit: where the database has one connection, others get their turn after each. */
const STEP = 5_000;
/** A look that has said nothing for so long is taken to be dead. A step takes far less, also on a slow machine. */
const ALIVE_MS = 60_000;
const WAIT_MS = 100;

export function createLimitKeeper(database: Database, stepSize = STEP): LimitKeeper {
  const inSteps = async (
    look: Look,
    ids: readonly string[],
    some: (trx: Transaction, look: Look, ids: readonly string[], aliveMs: number) => Promise<boolean>,
  ): Promise<boolean> => {
    for (let start = 0; start < ids.length; start += stepSize) {
      const step = ids.slice(start, start + stepSize);
      if (!(await transaction(database, (trx) => some(trx, look, step, ALIVE_MS)))) return false;
    }
    return true;
  };

  /** False where the look was ended by somebody else: a pause, another limit, an operator's word. */
  const carryOut = async (look: Look): Promise<boolean> =>
    (await inSteps(look, look.held, holdSome)) &&
    (await inSteps(look, look.freed, freeSome)) &&
    (await endLook(database, look));

  /** Until there is nothing to look at any more, whoever has looked. */
  const keep = async (campaignId: string, first?: (trx: Transaction) => Promise<unknown>): Promise<void> => {
    for (;;) {
      const look = await transaction(database, async (trx) => {
        await first?.(trx);
        return beginLook(trx, campaignId, ALIVE_MS);
      });
      if (look === null) return;
      if (look === 'busy') await delay(WAIT_MS);
      else if (await carryOut(look)) return;
    }
  };

  return {
    begin: (campaignId) => keep(campaignId, (trx) => createCampaignRepository(trx).begin(campaignId)),
    async look(campaignId) {
      if (await isTimeToLook(database, campaignId)) await keep(campaignId);
    },
    async change(organizationId, people, by) {
      const running = await transaction(database, async (trx) => {
        await writeLimit(trx, organizationId, people, by);
        return followLimit(trx);
      });
      for (const campaignId of running) await keep(campaignId);
    },
    takeOver: (organizationId, people) => writeFirstLimit(database, organizationId, people),
    async followAll() {
      for (const campaignId of await followLimit(database)) await keep(campaignId);
    },
  };
}

import { EventEmitter } from 'node:events';
import { PGlite } from '@electric-sql/pglite';
import type { EnginePool } from '../pglite-engine';

/** A pool over one PGlite in memory: what the tests of the engine need of a pg.Pool and no more. */
export const openPglitePool = async (): Promise<{ pool: EnginePool; close: () => Promise<void> }> => {
  const db = await PGlite.create();
  await db.exec('SET search_path TO public, bullmq');
  const query = async (text: string, values?: readonly unknown[]) => {
    if (values === undefined || values.length === 0) {
      const results = await db.exec(text);
      return { rows: results.at(-1)?.rows ?? [], rowCount: results.at(-1)?.affectedRows ?? 0 };
    }
    const result = await db.query(text, [...values]);
    return { rows: result.rows, rowCount: result.affectedRows ?? 0 };
  };
  const connect = () => {
    const client = new EventEmitter();
    const forget = db.onNotification((channel, payload) => {
      client.emit('notification', { channel, payload });
    });
    return Promise.resolve(Object.assign(client, { query, release: forget }));
  };
  const pool = Object.assign(new EventEmitter(), { query, connect, end: () => Promise.resolve() });
  return {
    // The generic row type of BullMQ's port cannot be met by a function that promises nothing about rows.
    pool: pool as unknown as EnginePool,
    close: () => db.close(),
  };
};

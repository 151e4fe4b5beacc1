import { sqlState } from '../../database/database';

/** A statement, or a transaction of several, that lost a deadlock did nothing and is simply run again. */
export async function repeated<T>(statement: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await statement();
    } catch (error) {
      if (attempt >= 4 || !['40P01', '40001'].includes(sqlState(error) ?? '')) throw error;
    }
  }
}

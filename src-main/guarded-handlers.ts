import { AppFailure } from '@shared/errors';
import type { ConsoleContract } from '@shared/contract';
import type { Handlers } from '@shared/rpc/define';
import { databaseUnavailable, isDatabaseOutage } from './database/outage';

/**
 * The same handlers, where a lost database is told as what it is. Every wire and the REST API go
 * through this one place, so that no service has to think of it.
 */
export const guardHandlers = (handlers: Handlers<ConsoleContract>): Handlers<ConsoleContract> => {
  const guarded = Object.fromEntries(
    Object.entries(handlers).map(([domain, procedures]) => [
      domain,
      Object.fromEntries(
        Object.entries(procedures).map(([name, handler]) => [name, guard(handler as Handler)]),
      ),
    ]),
  );
  // Rebuilt entry by entry from the same object, so it has the same shape.
  return guarded as unknown as Handlers<ConsoleContract>;
};

type Handler = (...input: readonly unknown[]) => unknown;

const guard =
  (handler: Handler): Handler =>
  async (...input) => {
    try {
      return await handler(...input);
    } catch (thrown) {
      throw isDatabaseOutage(thrown) ? new AppFailure(databaseUnavailable) : thrown;
    }
  };

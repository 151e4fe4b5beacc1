import type { CampaignDetail } from '@shared/contract/campaigns';
import { fail, toAppError, type Result } from '@shared/errors';
import type { StreamSink } from '@shared/rpc/define';
import { isOutage } from './outage';
import { wait } from './pace';

/** At most 10 a second, and never more than a tenth of the time spent on asking. */
const FASTEST_MS = 100;
const SLOWEST_MS = 1_000;
const SHARE = 10;

/**
 * Pushes a campaign at once and at every change until the subscriber leaves. The ledger is asked only while
 * somebody listens; while the database is away the subscriber keeps what it has.
 */
export async function pushChanges(
  read: () => Promise<Result<CampaignDetail>>,
  sink: StreamSink<CampaignDetail>,
  stop: AbortSignal,
): Promise<void> {
  let last = '';
  let pause = FASTEST_MS;
  do {
    const startedAt = performance.now();
    try {
      const result = await read();
      if (!result.ok) {
        sink.end(fail(result.error));
        return;
      }
      const text = JSON.stringify(result.value);
      if (text !== last && !stop.aborted) sink.next(result.value);
      last = text;
    } catch (error) {
      if (!isOutage(error)) {
        sink.end(fail(toAppError(error)));
        return;
      }
    }
    pause = Math.min(SLOWEST_MS, Math.max(FASTEST_MS, (performance.now() - startedAt) * SHARE));
  } while (await wait(pause, stop));
}

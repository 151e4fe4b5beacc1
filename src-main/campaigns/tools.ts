import type { Gateways } from '../providers/gateways';
import type { Breaker } from './breaker';
import type { Commits } from './commits';
import type { SendingLimits } from './lanes';
import type { LedgerRepository } from './ledger/repository';
import type { Pacer } from './pace';
import type { LimitKeeper } from './portfolio/keeper';
import type { CampaignRepository } from './repository';
import type { SenderLimits } from './senders/limits';
import type { SenderRepository } from './senders/repository';

/** What one job of a campaign works with. */
export interface CampaignTools {
  readonly campaigns: CampaignRepository;
  readonly limitKeeper: LimitKeeper;
  readonly senders: SenderRepository;
  readonly senderLimits: SenderLimits;
  readonly ledger: LedgerRepository;
  readonly commits: Commits;
  readonly pacer: Pacer;
  readonly breaker: Breaker;
  readonly gateways: Pick<Gateways, 'whatsapp' | 'settings'>;
  readonly limits: SendingLimits;
  /** The clock of quiet hours, in ms since 1970. */
  readonly now: () => number;
  readonly say: (line: string) => void;
}

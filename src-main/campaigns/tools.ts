import type { Gateways } from '../providers/gateways';
import type { SendingLimits } from './lanes';
import type { LedgerRepository } from './ledger/repository';
import type { Pacer } from './pace';
import type { CampaignRepository } from './repository';
import type { SenderRepository } from './senders/repository';

/** What one job of a campaign works with. */
export interface CampaignTools {
  readonly campaigns: CampaignRepository;
  readonly senders: SenderRepository;
  readonly ledger: LedgerRepository;
  readonly pacer: Pacer;
  readonly gateways: Pick<Gateways, 'whatsapp' | 'settings'>;
  readonly limits: SendingLimits;
  readonly say: (line: string) => void;
}

import type { CampaignState, CampaignSummary, DeliveryState } from '@shared/contract/campaigns';
import type { Tone } from '@renderer/ui';

/** The delivery states from the happiest to the least, and how each is coloured. */
export const deliveryTones: readonly (readonly [DeliveryState, Tone])[] = [
  ['read', 'success'],
  ['delivered', 'success'],
  ['sent', 'success'],
  ['accepted', 'info'],
  ['sending', 'accent'],
  ['pending', 'neutral'],
  ['retry_wait', 'warning'],
  ['unknown', 'warning'],
  ['failed', 'danger'],
  ['skipped', 'neutral'],
  ['cancelled', 'neutral'],
];

/** States in which something is still to be done for a recipient. */
const OPEN: readonly DeliveryState[] = ['pending', 'sending', 'retry_wait'];

type Figures = Pick<CampaignSummary, 'recipients' | 'counts'>;

/** Recipients that have not been sent to and may still be. */
export const openRecipients = ({ counts }: Figures): number =>
  OPEN.reduce((sum, state) => sum + counts[state], 0);

/** Recipients for whom nothing more is to be done. */
export const doneRecipients = (campaign: Figures): number => campaign.recipients - openRecipients(campaign);

const OVER: ReadonlySet<CampaignState> = new Set<CampaignState>(['completed', 'cancelled', 'failed']);

/** True once nothing more happens by itself. */
export const isOver = (state: CampaignState): boolean => OVER.has(state);

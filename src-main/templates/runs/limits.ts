import type { Channel } from '@shared/contract/templates';
import { MAX_TEXT_LENGTH } from '@shared/domain/whatsapp-text';

/** Contacts of one job. */
export const RUN_BATCH_SIZE = 1_000;

/** The longest text that a channel takes, in characters; for email the composer's own limit. */
export const longestText = (channel: Channel): number => (channel === 'whatsapp' ? MAX_TEXT_LENGTH : 500_000);

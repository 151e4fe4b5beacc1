import type { Audience } from '@shared/contract/campaigns';
import type { Message } from '@shared/contract/message';

/** A message and whom it is for, as it is being written. */
export interface Draft {
  readonly audience: Audience;
  readonly message: Message;
  /** Whose mended values count. */
  readonly draftId?: string | undefined;
}

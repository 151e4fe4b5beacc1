import type { ConsoleContract } from '@shared/contract';
import type { DomainHandlers } from '@shared/rpc/define';
import type { Database } from '../database/database';
import type { FileExchange } from '../files/exchange';
import { createAttachmentService } from './attachments/service';
import { createFrozenEmails } from './frozen';

export interface EmailsDependencies {
  readonly database: Database;
  readonly files: Pick<FileExchange, 'uploaded' | 'release'>;
}

/** The console's side of emails, wired together. The worker's side is processor.ts. */
export function createEmailHandlers(deps: EmailsDependencies): DomainHandlers<ConsoleContract['emails']> {
  const attachments = createAttachmentService(deps);
  const frozen = createFrozenEmails(deps.database);
  return {
    attach: ({ source }, { actor }) => attachments.attach(source, actor),
    get: ({ deliveryId }, { actor }) => frozen.get(deliveryId, actor),
  };
}

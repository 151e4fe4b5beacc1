import type { FrozenEmail } from '@shared/contract/emails';
import { Attachment } from '@shared/contract/message';
import { DeliveryId } from '@shared/domain/ids';
import { fail, notFound, ok, type Result } from '@shared/errors';
import type { Actor } from '@shared/rpc/define';
import { explain } from '../campaigns/reasons';
import { createCampaignRepository } from '../campaigns/repository';
import type { Database } from '../database/database';
import { composeEmail, payloadHash } from './compose';
import { createEmailRepository, type EmailDelivery } from './repository';
import { emailOf, fromOf } from './sending';

/** Reads emails as they are frozen: composed anew from what was frozen, and proven by their batch's hash. */
export function createFrozenEmails(database: Database) {
  const emails = createEmailRepository(database);
  const campaigns = createCampaignRepository(database);

  return {
    async get(deliveryId: string, actor: Actor): Promise<Result<FrozenEmail>> {
      const delivery = await emails.delivery(deliveryId, actor.organizationId);
      const campaign =
        delivery === null ? null : await campaigns.find(delivery.campaignId, actor.organizationId);
      if (delivery === null || campaign === null || campaign.channel !== 'email') {
        return fail(notFound('email', deliveryId));
      }
      const prepared = emailOf(campaign);
      const compose = (member: Parameters<typeof composeEmail>[2]) =>
        composeEmail(prepared, fromOf(campaign), member);
      const email = compose(delivery);
      const batch = await emails.batchOf(delivery);
      const members = batch === null ? [] : await emails.members(batch);
      return ok({
        deliveryId: DeliveryId.parse(deliveryId),
        to: email.to,
        from: email.from,
        replyTo: email.replyTo ?? null,
        subject: email.subject,
        html: email.html,
        text: email.text,
        headers: { ...email.headers },
        attachments: Attachment.array().parse(prepared.message.attachments),
        ...standing(delivery),
        batch: batch && {
          key: batch.key,
          state: batch.state,
          emails: batch.deliveryIds.length,
          place: batch.deliveryIds.indexOf(deliveryId) + 1,
          attempts: batch.attempts,
          payloadHash: batch.payloadHash,
          proven: payloadHash(members.map(compose)) === batch.payloadHash,
          sentAt: batch.sentAt?.toISOString() ?? null,
        },
      });
    },
  };
}

const standing = ({ state, attempts, errorCode, errorMessage, providerMessageId }: EmailDelivery) => ({
  state,
  attempts,
  reason: errorCode === null ? errorMessage : explain('email', errorCode, errorMessage).reason,
  providerMessageId,
});

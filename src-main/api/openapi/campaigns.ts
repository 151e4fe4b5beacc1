import {
  actionOn,
  content,
  idParameter,
  type Json,
  json,
  object,
  ref,
  refusals,
  success,
  text,
  whole,
} from './parts';

const campaignAction = actionOn({ tag: 'Campaigns', name: 'campaign', schema: 'Campaign' }, [404, 409]);

/** A campaign and what is done to it. */
export const campaignPaths: Json = {
  '/api/campaigns/{id}': {
    get: {
      tags: ['Campaigns'],
      summary: 'Recipients by delivery state, failures by reason',
      parameters: [idParameter('campaign')],
      responses: {
        '200': json('The campaign.', object({ success, campaign: ref('Campaign') })),
        ...refusals(404),
      },
    },
  },
  '/api/campaigns/{id}/pause': campaignAction('Stop sending; what is in flight ends'),
  '/api/campaigns/{id}/resume': campaignAction('Go on sending'),
  '/api/campaigns/{id}/cancel': campaignAction('Stop for good; what was sent stays sent'),
  '/api/campaigns/{id}/pass-limit': campaignAction(
    'Send now to those who wait for WhatsApp’s limit of people within 24 hours',
  ),
  '/api/campaigns/{id}/retry-failed': {
    post: {
      tags: ['Campaigns'],
      summary: 'Send again to the recipients that may be retried',
      parameters: [idParameter('campaign')],
      requestBody: {
        required: false,
        content: content(object({ errorCode: { ...text, description: 'Only this reason.' } }, [])),
      },
      responses: {
        '202': json('Queued.', object({ success, retried: whole, campaign: ref('Campaign') })),
        ...refusals(404, 409),
      },
    },
  },
};

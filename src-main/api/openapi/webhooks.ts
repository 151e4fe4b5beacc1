import { ResendWebhook } from '../../providers/resend-webhook';
import { WhatsAppWebhook } from '../../providers/whatsapp-webhook';
import {
  content,
  type Json,
  json,
  meaning,
  object,
  parameter,
  ref,
  refusals,
  schemaOf,
  success,
  text,
} from './parts';

const signed = (summary: string, header: string, description: string, body: Json): Json => ({
  tags: ['Webhooks'],
  summary,
  description,
  security: [],
  parameters: [{ name: header, in: 'header', required: true, schema: text }],
  requestBody: { required: true, content: content(body) },
  responses: {
    '200': json('Taken: it is in the ledger, or it is about nothing of ours.', object({ success })),
    ...refusals(400, 413),
    '401': json('The signature is missing, wrong or too old.', ref('Problem')),
    '503': json('No secret is set, or the database cannot be reached. Come again.', ref('Problem')),
  },
});

/** What the providers call. */
export const webhookPaths: Json = {
  '/webhooks/whatsapp': {
    get: {
      tags: ['Webhooks'],
      summary: 'Meta asks whether this address is ours',
      security: [],
      parameters: ['hub.mode', 'hub.verify_token', 'hub.challenge'].map((name) => ({
        ...parameter(name, 'query', text, 'As Meta sends it.'),
        required: true,
      })),
      responses: {
        '200': { description: 'The challenge.', content: { 'text/plain': { schema: text } } },
        '403': json('The verify token is not right.', ref('Problem')),
        '429': json(meaning[429] ?? '', ref('Problem')),
        '503': json('No verify token is set.', ref('Problem')),
      },
    },
    post: signed(
      'What became of WhatsApp messages, and messages that came in',
      'X-Hub-Signature-256',
      '`sha256=` and the HMAC-SHA256 of the body with the app secret, in hex. Deliveries only move forward, in whatever order and however often reports come.',
      schemaOf(WhatsAppWebhook, 'input'),
    ),
  },
  '/webhooks/resend': {
    post: signed(
      'What became of emails',
      'svix-signature',
      'Svix’s signature, with `svix-id` and `svix-timestamp` (at most 5 minutes old).',
      schemaOf(ResendWebhook, 'input'),
    ),
  },
};

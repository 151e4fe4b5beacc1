import {
  content,
  type Json,
  json,
  object,
  parameter,
  ref,
  refusals,
  success,
  text,
  uuid,
  whole,
} from './parts';

const jobParameters = [
  parameter('jobId', 'path', text, 'The id of the job.'),
  parameter('queue', 'query', text, 'Which queue, where several have a job of this id.'),
];

const CONTACT_IDS = ['7d8c6c7e-6a0f-4b9e-9a53-3a1d5f0e2b11'];

/** As the guide writes it, and a template that WhatsApp has approved, which may be sent outside the 24-hour window. */
const bulkMessageExamples: Json = {
  text: {
    value: {
      contactIds: CONTACT_IDS,
      messageContent: 'Hello {{name}}, your order {{order_id}} is ready!',
      messageType: 'text',
      priority: 1,
    },
  },
  template: {
    value: {
      contactIds: CONTACT_IDS,
      messageType: 'template',
      template: {
        name: 'order_ready',
        language: 'en_US',
        components: [
          { type: 'header', parameters: [{ text: '{{name|there}}' }] },
          { type: 'body', parameters: [{ text: '{{order_id}}', name: 'order' }] },
          { type: 'button', index: 0, parameters: [{ text: '{{order_id}}' }] },
        ],
      },
    },
  },
};

/** The guide's endpoints: jobs by what they do. */
export const jobPaths: Json = {
  '/api/jobs/bulk-message': {
    post: {
      tags: ['Jobs'],
      summary: 'Send a WhatsApp message to contacts',
      requestBody: {
        required: true,
        content: {
          'application/json': { schema: ref('BulkMessageRequest'), examples: bulkMessageExamples },
        },
      },
      responses: {
        '202': json(
          'Queued.',
          object({
            success,
            jobId: { ...text, nullable: true },
            message: text,
            campaignId: uuid,
            recipients: whole,
            skipped: whole,
            later: {
              type: 'array',
              items: object({ campaignId: uuid, recipients: whole, startsAt: text }),
            },
          }),
        ),
        ...refusals(400, 409, 413),
      },
    },
  },
  '/api/jobs/import-contacts': {
    post: {
      tags: ['Jobs'],
      summary: 'Import contacts given as JSON',
      requestBody: { required: true, content: content(ref('ImportContactsRequest')) },
      responses: {
        '202': json('Queued.', object({ success, jobId: text, importId: uuid, message: text })),
        ...refusals(400, 413),
      },
    },
  },
  '/api/jobs/stats': {
    get: {
      tags: ['Jobs'],
      summary: 'Queue counts, 30 days of history, the latest jobs',
      responses: {
        '200': json(
          'Statistics.',
          object({
            success,
            queueStats: { type: 'object', additionalProperties: ref('JobCounts') },
            historicalStats: object({ total: whole, completed: whole, failed: whole, running: whole }),
            recentJobs: { type: 'array', items: ref('JobLog') },
          }),
        ),
        ...refusals(),
      },
    },
  },
  '/api/jobs/{jobId}': {
    get: {
      tags: ['Jobs'],
      summary: 'The state of a job',
      parameters: jobParameters,
      responses: { '200': json('The job.', object({ success, job: ref('Job') })), ...refusals(404, 409) },
    },
    delete: {
      tags: ['Jobs'],
      summary: 'Cancel a job that has not ended, wherever it runs',
      parameters: jobParameters,
      responses: {
        '200': json('Cancelled, or being cancelled.', object({ success, message: text })),
        ...refusals(404, 409),
      },
    },
  },
};

import { z } from 'zod';
import { JobLog } from '@shared/contract/activity';
import { CampaignDetail } from '@shared/contract/campaigns';
import { Contact } from '@shared/contract/contacts';
import { ImportedFile, ImportNote, ImportOptions, ImportSummary, KeptRow } from '@shared/contract/imports';
import { JobCounts, JobDetail } from '@shared/contract/queues';
import { Health } from '@shared/contract/common';
import { BulkMessageRequest, ImportContactsRequest } from './jobs';

type Json = Record<string, unknown>;

const schemaOf = (schema: z.ZodType, io: 'input' | 'output' = 'output'): Json => {
  const made: Json = { ...z.toJSONSchema(schema, { target: 'openapi-3.0', io, unrepresentable: 'any' }) };
  delete made['$schema'];
  return made;
};
const ref = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });
const content = (schema: Json): Json => ({ 'application/json': { schema } });
const object = (properties: Json, required = Object.keys(properties)): Json => ({
  type: 'object',
  properties,
  required,
});
const success = { type: 'boolean', enum: [true] };
const text = { type: 'string' };
const uuid = { type: 'string', format: 'uuid' };
const whole = { type: 'integer', minimum: 0 };

/** The answers every endpoint can give besides its own. */
const refusals = (...codes: readonly number[]): Json =>
  Object.fromEntries(
    [401, 429, ...codes, 503].map((code) => [
      String(code),
      { description: meaning[code] ?? 'Error', content: content(ref('Problem')) },
    ]),
  );

const meaning: Readonly<Record<number, string>> = {
  400: 'Something in the request is not right; `field` names it.',
  401: 'The bearer token is missing or wrong.',
  404: 'There is no such thing.',
  409: 'Not possible in its present state.',
  413: 'Larger than 16 MB of JSON, or 250 MB of a file.',
  429: 'Too many requests; `Retry-After` says when to come again.',
  503: 'The engine or the database cannot be reached. Nothing was done.',
};

const parameter = (name: string, where: 'path' | 'query', schema: Json, description: string): Json => ({
  name,
  in: where,
  required: where === 'path',
  schema,
  description,
});
const idParameter = (what: string): Json => parameter('id', 'path', uuid, `The id of the ${what}.`);
const jobParameters = [
  parameter('jobId', 'path', text, 'The id of the job.'),
  parameter('queue', 'query', text, 'Which queue, where several have a job of this id.'),
];

const json = (description: string, schema: Json): Json => ({ description, content: content(schema) });
const importAction = (summary: string, status = '200', body?: Json): Json => ({
  post: {
    tags: ['Imports'],
    summary,
    parameters: [idParameter('import')],
    ...(body === undefined ? {} : { requestBody: { content: { 'application/json': { schema: body } } } }),
    responses: {
      [status]: json('The import.', object({ success, import: ref('Import') })),
      ...refusals(404, 409),
    },
  },
});
const campaignAction = (summary: string): Json => ({
  post: {
    tags: ['Campaigns'],
    summary,
    parameters: [idParameter('campaign')],
    responses: {
      '200': json('The campaign after the action.', object({ success, campaign: ref('Campaign') })),
      ...refusals(404, 409),
    },
  },
});

const jobPaths: Json = {
  '/api/jobs/bulk-message': {
    post: {
      tags: ['Jobs'],
      summary: 'Send a WhatsApp message to contacts',
      requestBody: { required: true, content: content(ref('BulkMessageRequest')) },
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

const importPaths: Json = {
  '/api/imports': {
    post: {
      tags: ['Imports'],
      summary: 'Import a spreadsheet (.xlsx, .xls, .ods, .csv)',
      requestBody: {
        required: true,
        content: {
          'multipart/form-data': {
            schema: object(
              {
                file: { type: 'string', format: 'binary' },
                options: { ...schemaOf(ImportOptions, 'input'), description: 'As JSON.' },
                mapping: {
                  type: 'object',
                  additionalProperties: text,
                  description:
                    'As JSON, by header: {"Mobile": "phone", "City": "custom:city", "Notes": "ignore"}. Columns that are not named are mapped by themselves.',
                },
                sheet: { ...text, description: 'The first visible sheet with rows, if left out.' },
                headerRow: { ...whole, description: '1-based, 0 for none; found by itself, if left out.' },
                continue: {
                  ...text,
                  enum: ['true', 'false'],
                  default: 'false',
                  description:
                    'The file holds the mended rows of rejected.xlsx: they are put into that import in place of its rejected rows. Mapping and options are that import’s, if left out; importId is its id.',
                },
              },
              ['file'],
            ),
          },
        },
      },
      responses: {
        '202': json(
          'Started.',
          object({
            success,
            importId: uuid,
            jobId: { ...text, nullable: true },
            message: text,
            mapping: { type: 'object', additionalProperties: text },
            file: ref('ImportedFile'),
            notes: { type: 'array', items: ref('ImportNote'), description: 'What was decided by itself.' },
          }),
        ),
        ...refusals(400, 409, 413),
      },
    },
  },
  '/api/imports/{id}': {
    get: {
      tags: ['Imports'],
      summary: 'Progress and totals of an import',
      parameters: [idParameter('import')],
      responses: { '200': json('The import.', object({ success, import: ref('Import') })), ...refusals(404) },
    },
  },
  '/api/imports/{id}/pause': importAction('Stop writing rows after the batch under way'),
  '/api/imports/{id}/resume': importAction('Go on after the last row that was written'),
  '/api/imports/{id}/cancel': importAction(
    'Stop for good; what was imported stays, or is taken back as by undo',
    '200',
    object(
      { rollBack: { type: 'boolean', default: false, description: 'Take back what was imported so far.' } },
      [],
    ),
  ),
  '/api/imports/{id}/undo': importAction('Take the whole import back, but for what was changed since', '202'),
  '/api/imports/{id}/kept': {
    get: {
      tags: ['Imports'],
      summary: 'What an undo left as it is, because it was changed since',
      parameters: [
        idParameter('import'),
        parameter('start', 'query', whole, 'How many to pass over.'),
        parameter(
          'count',
          'query',
          { type: 'integer', minimum: 1, maximum: 500, default: 100 },
          'At most so many.',
        ),
      ],
      responses: {
        '200': json(
          'A page.',
          object({ success, total: whole, rows: { type: 'array', items: ref('KeptRow') } }),
        ),
        ...refusals(400, 404),
      },
    },
  },
  '/api/imports/{id}/rejected.xlsx': {
    get: {
      tags: ['Imports'],
      summary: 'The rejected rows with row number and reasons',
      parameters: [idParameter('import')],
      responses: {
        '200': {
          description: 'A spreadsheet.',
          content: {
            'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': {
              schema: { type: 'string', format: 'binary' },
            },
          },
        },
        ...refusals(404),
      },
    },
  },
};

const otherPaths: Json = {
  '/api/contacts': {
    get: {
      tags: ['Contacts'],
      summary: 'Contacts, newest first',
      parameters: [
        parameter('search', 'query', text, 'The beginning of a name, a phone or an e-mail.'),
        parameter('tag', 'query', text, 'Only contacts with this tag.'),
        parameter(
          'limit',
          'query',
          { type: 'integer', minimum: 1, maximum: 500, default: 100 },
          'Contacts a page.',
        ),
        parameter('cursor', 'query', text, 'nextCursor of the page before.'),
      ],
      responses: {
        '200': json(
          'A page.',
          object({
            success,
            contacts: { type: 'array', items: ref('Contact') },
            nextCursor: { ...text, nullable: true },
            total: whole,
          }),
        ),
        ...refusals(400),
      },
    },
  },
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
  '/api/health': {
    get: {
      tags: ['Health'],
      summary: 'Whether queues, engine and database are well',
      responses: {
        '200': json(
          'Healthy.',
          object({
            healthy: { type: 'boolean' },
            queues: { type: 'object' },
            engine: ref('Health'),
            database: ref('Health'),
          }),
        ),
        ...refusals(),
      },
    },
  },
};

/** The OpenAPI 3.0 document of the REST API; its schemas come from the ones that parse the requests. */
export const createOpenApi = (version: string): Json => ({
  openapi: '3.0.3',
  info: { title: 'ADSapp Queue Console', version, description: 'Queues, imports and campaigns of ADSapp.' },
  security: [{ bearer: [] }],
  paths: { ...jobPaths, ...importPaths, ...otherPaths },
  components: {
    securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
    schemas: {
      BulkMessageRequest: schemaOf(BulkMessageRequest, 'input'),
      ImportContactsRequest: schemaOf(ImportContactsRequest, 'input'),
      JobCounts: schemaOf(JobCounts),
      JobLog: schemaOf(JobLog),
      Job: schemaOf(JobDetail),
      Import: schemaOf(ImportSummary),
      ImportedFile: schemaOf(ImportedFile),
      ImportNote: schemaOf(ImportNote),
      KeptRow: schemaOf(KeptRow),
      Contact: schemaOf(Contact),
      Campaign: schemaOf(CampaignDetail),
      Health: schemaOf(Health),
      Problem: object(
        { success: { type: 'boolean', enum: [false] }, error: text, code: text, action: text, field: text },
        ['success', 'error', 'code'],
      ),
    },
  },
});

import { ImportOptions } from '@shared/contract/imports';
import {
  actionOn,
  idParameter,
  type Json,
  json,
  limitParameter,
  object,
  parameter,
  ref,
  refusals,
  schemaOf,
  success,
  text,
  uuid,
  whole,
} from './parts';

const importAction = actionOn({ tag: 'Imports', name: 'import', schema: 'Import' }, [404, 409]);

/** Imports of files, and what is done to one. */
export const importPaths: Json = {
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
    {
      required: false,
      body: object(
        { rollBack: { type: 'boolean', default: false, description: 'Take back what was imported so far.' } },
        [],
      ),
    },
  ),
  '/api/imports/{id}/undo': importAction('Take the whole import back, but for what was changed since', {
    status: '202',
  }),
  '/api/imports/{id}/kept': {
    get: {
      tags: ['Imports'],
      summary: 'What an undo left as it is, because it was changed since',
      parameters: [
        idParameter('import'),
        parameter('start', 'query', whole, 'How many to pass over.'),
        limitParameter('count', 500, 100, 'At most so many.'),
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

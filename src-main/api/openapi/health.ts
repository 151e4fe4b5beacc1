import { type Json, json, object, ref, refusals } from './parts';

/** Whether all is well. */
export const healthPaths: Json = {
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

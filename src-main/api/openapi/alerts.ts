import { alertKinds, severities } from '@shared/domain/alert-rules';
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
  success,
  text,
} from './parts';

const incidentAction = actionOn({ tag: 'Alerts', name: 'incident', schema: 'Incident' }, [400, 404]);

/** Alert rules and incidents. */
export const alertPaths: Json = {
  '/api/alerts/rules': {
    get: {
      tags: ['Alerts'],
      summary: 'What is watched, and how far it may go',
      responses: {
        '200': json('The rules.', object({ success, rules: { type: 'array', items: ref('AlertRule') } })),
        ...refusals(),
      },
    },
  },
  '/api/alerts/incidents': {
    get: {
      tags: ['Alerts'],
      summary: 'What went wrong, newest first; those that are over are kept for 90 days',
      parameters: [
        parameter('state', 'query', { ...text, enum: ['open', 'resolved'] }, 'Only these.'),
        parameter('severity', 'query', { ...text, enum: [...severities] }, 'Only this severity.'),
        parameter('kind', 'query', { ...text, enum: [...alertKinds] }, 'Only of rules of this kind.'),
        parameter('queue', 'query', text, 'Only of this queue.'),
        limitParameter('limit', 200, 100, 'Incidents a page.'),
        parameter('cursor', 'query', text, 'nextCursor of the page before.'),
      ],
      responses: {
        '200': json(
          'A page.',
          object({
            success,
            incidents: { type: 'array', items: ref('Incident') },
            nextCursor: { ...text, nullable: true },
          }),
        ),
        ...refusals(400),
      },
    },
  },
  '/api/alerts/incidents/{id}': {
    get: {
      tags: ['Alerts'],
      summary: 'One incident',
      parameters: [idParameter('incident')],
      responses: {
        '200': json('The incident.', object({ success, incident: ref('Incident') })),
        ...refusals(404),
      },
    },
  },
  '/api/alerts/incidents/{id}/acknowledge': incidentAction('Somebody has taken it on: it is not told again'),
  '/api/alerts/incidents/{id}/snooze': incidentAction('Quiet for some minutes; null ends that', {
    body: object({ minutes: { type: 'integer', minimum: 1, maximum: 10_080, nullable: true } }),
  }),
  '/api/alerts/incidents/{id}/notes': incidentAction('Write a note on it', { body: object({ text }) }),
};

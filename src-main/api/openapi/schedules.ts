import {
  content,
  idParameter,
  type Json,
  json,
  limitParameter,
  object,
  ref,
  refusals,
  success,
  text,
  uuid,
} from './parts';

const runs = { type: 'array', items: ref('ScheduleRun') };
const scheduleBody = { requestBody: { required: true, content: content(ref('ScheduleInput')) } };
const scheduleCall = (
  summary: string,
  name: string,
  schema: Json,
  more: Json = {},
  status = '200',
): Json => ({
  tags: ['Schedules'],
  summary,
  parameters: [idParameter(name === 'run' && status === '200' ? 'run' : 'schedule')],
  ...more,
  responses: { [status]: json('Done.', object({ success, [name]: schema })), ...refusals(400, 404, 409) },
});
const oneSchedule = ref('Schedule');
/** Schedules and their runs. */
export const schedulePaths: Json = {
  '/api/schedules': {
    get: {
      tags: ['Schedules'],
      summary: 'All schedules, the next one first',
      responses: {
        '200': json(
          'All.',
          object({
            success,
            schedules: { type: 'array', items: oneSchedule },
            unreadable: { type: 'array', items: object({ id: uuid, name: text, why: text }) },
          }),
        ),
        ...refusals(),
      },
    },
    post: {
      tags: ['Schedules'],
      summary: 'Add a schedule: steps that run in order, each after the one before has succeeded',
      ...scheduleBody,
      responses: { '201': json('Added.', object({ success, schedule: oneSchedule })), ...refusals(400) },
    },
  },
  '/api/schedules/overdue': {
    get: {
      tags: ['Schedules'],
      summary: 'What was due while nothing was running, and waits for an answer',
      responses: {
        '200': json(
          'All.',
          object({ success, runs, campaigns: { type: 'array', items: ref('HeldCampaign') } }),
        ),
        ...refusals(),
      },
    },
  },
  '/api/schedules/{id}': {
    get: scheduleCall('One schedule', 'schedule', oneSchedule),
    put: scheduleCall('Change a schedule', 'schedule', oneSchedule, scheduleBody),
    delete: {
      tags: ['Schedules'],
      summary: 'Remove a schedule',
      parameters: [idParameter('schedule')],
      responses: { '200': json('Removed.', object({ success })), ...refusals(404) },
    },
  },
  '/api/schedules/{id}/pause': { post: scheduleCall('Stop its times', 'schedule', oneSchedule) },
  '/api/schedules/{id}/resume': { post: scheduleCall('Go on from now', 'schedule', oneSchedule) },
  '/api/schedules/{id}/run': {
    post: scheduleCall('Run it now, besides its times', 'run', ref('ScheduleRun'), {}, '202'),
  },
  '/api/schedules/{id}/runs': {
    get: scheduleCall('Its history, the latest run first', 'runs', runs, {
      parameters: [idParameter('schedule'), limitParameter('limit', 200, 50, 'At most so many.')],
    }),
  },
  '/api/schedules/runs/{id}/run': {
    post: scheduleCall('Begin an overdue run now', 'run', ref('ScheduleRun')),
  },
  '/api/schedules/runs/{id}/skip': {
    post: scheduleCall('Leave an overdue run out', 'run', ref('ScheduleRun')),
  },
};

import type { ScheduleInput, ScheduleStep, ScheduleWhen } from '@shared/contract/schedules';
import { describeWhen, upcoming } from '@shared/domain/schedule';
import type { InputIssue } from '@shared/errors';
import type { Actor } from '@shared/rpc/define';
import { prepareMessage } from '../campaigns/message';
import { stepJob } from './steps';

/** Everything that is wrong with a schedule as it is written, each with its field. `now` is in ms since 1970. */
export function scheduleIssues(input: ScheduleInput, actor: Actor, now: number): InputIssue[] {
  return [
    ...whenIssues(input.when, now),
    ...input.steps.flatMap((step, index) =>
      stepIssues(step, actor).map(({ path, message }) => ({
        path: ['steps', String(index), path].filter((part) => part !== '').join('.'),
        message,
      })),
    ),
  ];
}

function whenIssues(when: ScheduleWhen, now: number): InputIssue[] {
  const words = describeWhen(when);
  if (!words.ok) {
    const field = words.field === 'time zone' ? 'timeZone' : when.kind === 'cron' ? 'pattern' : 'at';
    return [{ path: `when.${field}`, message: words.message }];
  }
  if (upcoming(when, now, 1).length > 0) return [];
  return [{ path: when.kind === 'cron' ? 'when.pattern' : 'when.at', message: 'This time is over.' }];
}

/** Any run's: whether the data fits the queue does not depend on which. */
const NO_RUN = { id: '00000000-0000-4000-8000-000000000000', scheduleName: '' };

function stepIssues(step: ScheduleStep, actor: Actor): readonly InputIssue[] {
  if (step.kind === 'job') {
    const foreign = step.data['organizationId'];
    if (foreign !== undefined && foreign !== actor.organizationId)
      return [{ path: 'data.organizationId', message: 'The job would belong to another organization.' }];
    const job = stepJob(NO_RUN, 0, step.queue, step.data, actor);
    if (job.ok || job.error.code !== 'invalid_input') return [];
    return job.error.issues.map(({ path, message }) => ({ path: `data.${path}`, message }));
  }
  // A saved template named without a text of its own is read when it runs.
  if (step.message.templateId !== null && step.message.body === '') return [];
  const prepared = prepareMessage(step.message);
  return prepared.ok || prepared.error.code !== 'invalid_input' ? [] : prepared.error.issues;
}

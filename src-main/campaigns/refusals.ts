import type { PortfolioBudget } from '@shared/contract/audiences';
import type { AppError, InputIssue } from '@shared/errors';
import type { AudienceCheck } from './audience/repository';
import type { PreparedMessage } from './message';

const figure = (count: number): string => count.toLocaleString('en-GB');

/** The pre-flight that somebody looked at is not what would be sent now. */
export const changedMeanwhile = (expected: number, now: number): AppError => ({
  code: 'conflict',
  message:
    expected === now
      ? 'Values of some recipients have changed since you looked. Nothing was sent.'
      : `It would go to ${figure(now)} recipients now, and not to ${figure(expected)} as when you looked. Nothing was sent.`,
  action: 'Look at the recipients again, then send.',
});

export const overBudget = ({ limit, used, needed }: PortfolioBudget): AppError => {
  const message =
    `WhatsApp lets this portfolio write to ${figure(limit)} people within 24 hours; ${figure(used)} have been ` +
    `written to, and this campaign would add ${figure(needed)}.`;
  return {
    code: 'invalid_input',
    message,
    action: 'Choose fewer recipients, wait, or confirm that it is to be sent all the same.',
    issues: [{ path: 'audience', message }],
  };
};

export const tooManyParts = (parts: number): AppError => {
  const message = `It would take ${figure(parts)} more days to send this to everybody within WhatsApp’s limit.`;
  return {
    code: 'invalid_input',
    message,
    action: 'Choose fewer recipients, or leave out who does not fit.',
    issues: [{ path: 'audience', message }],
  };
};

/** Why a message must not go to all of its recipients unasked; empty where it may. */
export function refuse(
  check: Pick<AudienceCheck, 'missing' | 'tooLong' | 'preflight'>,
  missing: 'refuse' | 'skip',
  { maxLength }: PreparedMessage,
): InputIssue[] {
  if (missing === 'skip') return [];
  const lacking = check.missing.map(({ variable, recipients }) => ({
    path: 'message.body',
    message: `${people(recipients)} no value for {{${variable}}}.`,
  }));
  for (const { problem, variable, recipients } of check.preflight.problems) {
    if (problem !== 'bad_parameter') continue;
    const message = `${people(recipients)} a value for {{${variable ?? ''}}} that WhatsApp refuses in a template.`;
    lacking.push({ path: 'message.body', message });
  }
  if (check.tooLong === 0) return lacking;
  const limit = maxLength.toLocaleString('en-GB');
  const message = `For ${check.tooLong.toLocaleString('en-GB')} of them the text is longer than ${limit} characters.`;
  return [...lacking, { path: 'message.body', message }];
}

const people = (count: number): string =>
  count === 1 ? '1 recipient has' : `${count.toLocaleString('en-GB')} recipients have`;

export const attachmentsGone = (names: readonly string[]) => ({
  code: 'invalid_input' as const,
  message: `These files are not kept any more: ${names.join(', ')}.`,
  action: 'Add them to the email again.',
  issues: [{ path: 'message.attachments', message: 'are gone' }],
});

export const nobody = (sendable: number) => ({
  code: 'invalid_input' as const,
  message: sendable === 0 ? 'This audience reaches nobody.' : 'Every recipient would have to be skipped.',
  action: 'Choose another audience: who opted out, is suppressed or has no address is left out.',
  issues: [{ path: 'audience', message: 'reaches nobody' }],
});

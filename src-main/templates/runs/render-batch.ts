import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RunProblem } from '@shared/contract/template-runs';
import type { Channel } from '@shared/contract/templates';
import { compileTemplate, type Template, type TemplateValues } from '@shared/domain/template';
import { notFound, toAppError } from '@shared/errors';
import { stoppedRun } from '../../engine/going-on';
import type { JobRun, RunOutcome } from '../../engine/processor';
import type { ContactToRender, TemplateRepository, VersionText } from '../repository';
import { contactValues, type ContactFields } from '../values';
import { longestText } from './limits';
import type { BatchStep, BatchWork, ListedRecipient, NewResult, TemplateRunRepository } from './repository';

/** Recipients read, rendered and written in one go. */
const STEP = 250;

export interface BatchDependencies {
  readonly templates: Pick<TemplateRepository, 'version' | 'contacts'>;
  readonly runs: Pick<TemplateRunRepository, 'batch' | 'advance' | 'completeIfDone' | 'stop'>;
}

type Run = JobRun<'template-processing'>;
type Place = NonNullable<Run['data']['run']>;

/**
 * Renders one batch of a run from where it stands, which after a crash is where the last worker had written
 * its results. Cancelling the job cancels the whole run: a run with holes is of no use.
 */
export async function renderBatch(deps: BatchDependencies, run: Run, place: Place): Promise<RunOutcome> {
  try {
    return await render(deps, run, place);
  } catch (thrown) {
    // A last attempt: nobody goes on with it by itself, and the page has to say so.
    if (run.attempt >= run.attempts) await stopQuietly(deps, place, toAppError(thrown).message);
    throw thrown;
  }
}

async function render({ templates, runs }: BatchDependencies, run: Run, place: Place): Promise<RunOutcome> {
  const { organizationId, templateId, version } = run.data;
  const { runId, batchNo } = place;
  const text = await templates.version(organizationId, templateId, version);
  if (text === null) return refused(runs, runId, notFound('template', templateId).message);
  const compiled = compileBoth(text);
  if (typeof compiled === 'string') return refused(runs, runId, compiled);
  for (;;) {
    const batch = await runs.batch(organizationId, runId, batchNo);
    if (batch === null || batch.state === 'cancelled') return { type: 'cancelled' };
    if (batch.done >= batch.contactIds.length) {
      await runs.completeIfDone(runId);
      return outcomeOf(run, batch);
    }
    // It failed elsewhere; an operator resumes it.
    if (batch.state !== 'running') return { type: 'cancelled' };
    if (run.signal.aborted) {
      if (run.signal.reason === 'cancelled') await runs.stop(runId, 'cancelled', null);
      return stoppedRun(run.signal.reason);
    }
    const ids = batch.contactIds.slice(batch.done, batch.done + STEP);
    const known = ids.filter((id) => id !== null);
    const read = known.length === 0 ? [] : await templates.contacts(organizationId, known);
    const contacts = new Map(read.map((one) => [one.id, one]));
    await runs.advance(runId, batchNo, stepOf(batch, ids, contacts, compiled));
    run.progress(Math.floor(((batch.done + ids.length) / batch.contactIds.length) * 100));
    await nextTurn();
  }
}

interface CompiledText {
  readonly channel: Channel;
  readonly subject: Template | null;
  readonly body: Template;
}

/** Both texts compiled, or why they do not compile. */
function compileBoth({ channel, subject, body }: VersionText): CompiledText | string {
  const results = { subject: compileTemplate(subject ?? ''), body: compileTemplate(body) };
  const errors = [results.subject, results.body].flatMap((result) => (result.ok ? [] : result.errors));
  if (!results.subject.ok || !results.body.ok) return errors.map(({ message }) => message).join(' ');
  return {
    channel,
    subject: channel === 'email' ? results.subject.template : null,
    body: results.body.template,
  };
}

function stepOf(
  batch: BatchWork,
  ids: readonly (string | null)[],
  contacts: ReadonlyMap<string, ContactToRender>,
  text: CompiledText,
): BatchStep {
  const results = ids.map((id, index) => ({
    position: batch.firstPosition + batch.done + index,
    contact_id: id,
    ...resultOf(id === null ? undefined : contacts.get(id), batch.listed?.[batch.done + index], text),
  }));
  const problems = new Map(Object.entries(batch.problems));
  const missing = new Map(Object.entries(batch.missing));
  for (const result of results) {
    if (result.problems.length > 0) count(problems, 'any');
    for (const problem of result.problems) count(problems, problem);
    for (const variable of result.missing) count(missing, variable);
  }
  return {
    from: batch.done,
    done: batch.done + ids.length,
    problems: Object.fromEntries(problems),
    missing: Object.fromEntries(missing),
    results,
  };
}

const count = (counts: Map<string, number>, key: string): void => {
  counts.set(key, (counts.get(key) ?? 0) + 1);
};

function resultOf(
  contact: ContactToRender | undefined,
  entry: ListedRecipient | undefined,
  text: CompiledText,
): Omit<NewResult, 'position' | 'contact_id'> {
  if (entry !== undefined) return resultOfEntry(entry, contact, text);
  return contact === undefined
    ? nothingFor(null, null, 'gone')
    : textFor(contact, contactValues(contact), text);
}

/** As a campaign goes by a list: its own values first, then its contact's. Nothing for what it does not write to. */
function resultOfEntry(
  entry: ListedRecipient,
  contact: ContactToRender | undefined,
  text: CompiledText,
): Omit<NewResult, 'position' | 'contact_id'> {
  const { phone, email, name, given, written, isDouble } = entry;
  if (written !== null) return nothingFor(written, name, 'invalid');
  if (isDouble) return nothingFor(text.channel === 'email' ? email : phone, name, 'duplicate');
  const person = { name, phone, email, customFields: contact?.customFields ?? {} };
  const ofList = Object.entries(given).filter(([, value]) => value !== '');
  return textFor(person, { ...contactValues(person), ...Object.fromEntries(ofList) }, text);
}

const nothingFor = (
  recipient: string | null,
  name: string | null,
  problem: RunProblem,
): Omit<NewResult, 'position' | 'contact_id'> => ({
  ...{ recipient, name, subject: null, rendered: null, length: 0, missing: [] },
  problems: [problem],
});

function textFor(
  contact: Pick<ContactFields, 'name' | 'email'> & { readonly phone: string | null },
  values: TemplateValues,
  { channel, subject, body }: CompiledText,
): Omit<NewResult, 'position' | 'contact_id'> {
  const rendered = body.render(values);
  const length = charactersOf(rendered);
  const missing = [...new Set([...(subject?.missing(values) ?? []), ...body.missing(values)])];
  const recipient = channel === 'email' ? contact.email || null : contact.phone;
  const problems: RunProblem[] = [];
  if (missing.length > 0) problems.push('missing');
  if (length > longestText(channel)) problems.push('too_long');
  if (recipient === null) problems.push('no_address');
  return {
    recipient,
    name: contact.name,
    subject: subject?.render(values) ?? null,
    ...{ rendered, length, missing, problems },
  };
}

/** Characters as PostgreSQL and campaigns count them: a pair of surrogates is one. */
function charactersOf(text: string): number {
  let characters = 0;
  for (const _ of text) characters += 1;
  return characters;
}

/** The guide's counts over the whole batch, whatever part of it this attempt did. */
function outcomeOf(run: Run, batch: BatchWork): RunOutcome {
  const total = batch.contactIds.length;
  const count = (...problems: readonly RunProblem[]): number =>
    problems.reduce((sum, problem) => sum + (batch.problems[problem] ?? 0), 0);
  const left = count('gone', 'invalid', 'duplicate');
  const result = {
    templateId: run.data.templateId,
    version: run.data.version,
    runId: run.data.run?.runId,
    batchNo: run.data.run?.batchNo,
    total,
    successCount: total - left,
    failureCount: left,
    withMissingValues: count('missing'),
    tooLong: count('too_long'),
    withoutAddress: count('no_address'),
    missing: batch.missing,
    duration: run.workedMs(),
  };
  run.log(`${result.successCount} rendered, ${result.withMissingValues} with missing values`);
  if (left === 0) return { type: 'done', status: 'completed', result };
  const status = result.successCount >= left ? 'partial_success' : 'partial_failure';
  return {
    type: 'done',
    status,
    result,
    errorDetails: {
      failed: left,
      error:
        'Nothing was rendered for contacts that are gone, and for lines of a list that are no address or one that stands before.',
      gone: count('gone'),
      invalid: count('invalid'),
      duplicate: count('duplicate'),
    },
  };
}

async function refused(runs: BatchDependencies['runs'], runId: string, message: string): Promise<RunOutcome> {
  await runs.stop(runId, 'failed', message);
  return { type: 'failed', retry: false, error: { code: 'invalid_input', message, issues: [] } };
}

async function stopQuietly({ runs }: BatchDependencies, { runId }: Place, message: string): Promise<void> {
  try {
    await runs.stop(runId, 'failed', message);
  } catch {
    // The database is what failed: recovery finds the run without a job.
  }
}

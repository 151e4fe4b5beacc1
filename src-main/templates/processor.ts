import { setImmediate as nextTurn } from 'node:timers/promises';
import { compileTemplate } from '@shared/domain/template';
import { notFound } from '@shared/errors';
import type { Database } from '../database/database';
import { stoppedRun } from '../engine/going-on';
import type { JobRun, Processor, RunOutcome } from '../engine/processor';
import { createTemplateRepository, type ContactToRender, type TemplateRepository } from './repository';
import { renderBatch } from './runs/render-batch';
import { createTemplateRunRepository } from './runs/repository';
import { contactValues } from './values';

/** Contacts read at once, and the most that is rendered without giving others a turn. */
const STEP = 200;
/** Texts kept with the job; together never more than this many characters, so that the job stays readable. */
const MAX_KEPT = 1_000;
const MAX_KEPT_CHARACTERS = 1_000_000;

export interface RenderedText {
  readonly contactId: string;
  readonly text: string;
  readonly missing: readonly string[];
}

/** What a template job leaves behind. */
export interface TemplateJobResult {
  readonly templateId: string;
  readonly version: number;
  readonly total: number;
  readonly successCount: number;
  /** Contacts that are gone. */
  readonly failureCount: number;
  /** Rendered, but with a variable that had neither value nor fallback. */
  readonly withMissingValues: number;
  readonly missing: Readonly<Record<string, number>>;
  readonly rendered: readonly RenderedText[];
  /** Rendered texts that are not kept here. */
  readonly notListed: number;
  /** Ms at work over all runs of the job. */
  readonly duration: number;
}

/** Renders a saved version for one batch of a run, or for the contacts that the job names. */
export function createTemplateProcessor(database: Database): Processor<'template-processing'> {
  const templates = createTemplateRepository(database);
  const runs = createTemplateRunRepository(database);
  return (run) =>
    run.data.run === undefined
      ? renderNamed(templates, run)
      : renderBatch({ templates, runs }, run, run.data.run);
}

/** A few hundred contacts at a time; the texts stay with the job. */
async function renderNamed(
  repository: TemplateRepository,
  run: JobRun<'template-processing'>,
): Promise<RunOutcome> {
  const { organizationId, templateId, version, contactIds } = run.data;
  const found = await repository.version(organizationId, templateId, version);
  if (found === null) return { type: 'failed', retry: false, error: notFound('template', templateId) };
  const compiled = compileTemplate(found.body);
  if (!compiled.ok) {
    const message = compiled.errors.map((error) => error.message).join(' ');
    return { type: 'failed', retry: false, error: { code: 'invalid_input', message, issues: [] } };
  }
  const tally = createTally();
  for (let start = 0; start < contactIds.length; start += STEP) {
    if (run.signal.aborted) return stoppedRun(run.signal.reason, 'from the start');
    const ids = contactIds.slice(start, start + STEP);
    const contacts = new Map((await repository.contacts(organizationId, ids)).map((one) => [one.id, one]));
    for (const id of ids) tally.add(id, render(compiled.template, contacts.get(id)));
    run.progress(Math.floor(((start + ids.length) / contactIds.length) * 100));
    await nextTurn();
  }
  const result = {
    templateId,
    version,
    total: contactIds.length,
    ...tally.result(),
    duration: run.workedMs(),
  };
  run.log(`${result.successCount} rendered, ${result.withMissingValues} with missing values`);
  if (result.failureCount === 0) return { type: 'done', status: 'completed', result };
  const status = result.successCount >= result.failureCount ? 'partial_success' : 'partial_failure';
  return { type: 'done', status, result, errorDetails: { failedItems: tally.gone() } };
}

type Compiled = Extract<ReturnType<typeof compileTemplate>, { ok: true }>['template'];

function render(
  template: Compiled,
  contact: ContactToRender | undefined,
): Omit<RenderedText, 'contactId'> | null {
  if (contact === undefined) return null;
  const values = contactValues(contact);
  return { text: template.render(values), missing: template.missing(values) };
}

function createTally() {
  const rendered: RenderedText[] = [];
  const gone: { item: string; error: string }[] = [];
  const missing = new Map<string, number>();
  let count = 0;
  let withMissing = 0;
  let characters = 0;
  return {
    add(contactId: string, text: Omit<RenderedText, 'contactId'> | null): void {
      if (text === null) {
        gone.push({ item: contactId, error: 'The contact does not exist any more.' });
        return;
      }
      count += 1;
      if (text.missing.length > 0) withMissing += 1;
      for (const name of text.missing) missing.set(name, (missing.get(name) ?? 0) + 1);
      characters += text.text.length;
      if (rendered.length < MAX_KEPT && characters <= MAX_KEPT_CHARACTERS)
        rendered.push({ contactId, ...text });
    },
    gone: () => gone.slice(0, 100),
    result: () => ({
      successCount: count,
      failureCount: gone.length,
      withMissingValues: withMissing,
      missing: Object.fromEntries(missing),
      rendered,
      notListed: count - rendered.length,
    }),
  };
}

import { RunProblem, type TemplateRun } from '@shared/contract/template-runs';
import { TemplateId, TemplateRunId } from '@shared/domain/ids';
import type { RunRow } from './repository';

/** A run as the console shows it, at the time `now` in ms. */
export function runOf(row: RunRow, now: number): TemplateRun {
  const seconds = Math.max(0.001, (now - row.createdAt.getTime()) / 1_000);
  return {
    id: TemplateRunId.parse(row.id),
    templateId: TemplateId.parse(row.templateId),
    templateName: row.templateName,
    channel: row.channel,
    version: row.version,
    state: row.state,
    problem: row.problem,
    contacts: row.contacts,
    done: row.done,
    withProblems: row.problems['any'] ?? 0,
    problems: countsOf(row.problems),
    missing: row.missing,
    createdBy: row.createdByName,
    createdAt: row.createdAt.toISOString(),
    finishedAt: row.finishedAt?.toISOString() ?? null,
    perSecond: row.state === 'running' ? row.done / seconds : null,
  };
}

const countsOf = (problems: Readonly<Record<string, number>>): TemplateRun['problems'] => ({
  missing: problems[RunProblem.enum.missing] ?? 0,
  too_long: problems[RunProblem.enum.too_long] ?? 0,
  no_address: problems[RunProblem.enum.no_address] ?? 0,
  gone: problems[RunProblem.enum.gone] ?? 0,
  invalid: problems[RunProblem.enum.invalid] ?? 0,
  duplicate: problems[RunProblem.enum.duplicate] ?? 0,
});

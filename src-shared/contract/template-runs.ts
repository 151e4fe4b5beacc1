import { z } from 'zod';
import { command, query } from '../rpc/define';
import { ContactId, TemplateId, TemplateRunId } from '../domain/ids';
import { Audience } from './campaigns';
import { Count, Download, Empty, Instant } from './common';
import { Channel } from './templates';

/** The largest audience that is rendered at once. */
export const MAX_RUN_CONTACTS = 100_000;

export const RunState = z.enum(['running', 'completed', 'cancelled', 'failed']);
export type RunState = z.infer<typeof RunState>;

/**
 * `missing`: a variable has neither value nor fallback. `no_address`: none for the channel. `gone`: removed since the
 * start. Of a list: `invalid` is neither a phone number nor an email address, `duplicate` stands before. For the last
 * three nothing is rendered.
 */
export const RunProblem = z.enum(['missing', 'too_long', 'no_address', 'gone', 'invalid', 'duplicate']);
export type RunProblem = z.infer<typeof RunProblem>;

/** A template rendered for an audience that was frozen at the start. */
export const TemplateRun = z.object({
  id: TemplateRunId,
  templateId: TemplateId,
  templateName: z.string(),
  channel: Channel,
  version: z.int().positive(),
  state: RunState,
  /** Why it failed and what to do. */
  problem: z.string().nullable(),
  /** Contacts, or all that stands in a list. */
  contacts: Count,
  /** Those that it is through with. */
  done: Count,
  /** Of those, how many have any problem, and how many have which: one may have several. */
  withProblems: Count,
  problems: z.record(RunProblem, Count),
  /** Contacts without a value, by variable, most first. */
  missing: z.array(z.object({ variable: z.string(), contacts: Count })),
  createdBy: z.string().nullable(),
  createdAt: Instant,
  finishedAt: Instant.nullable(),
  /** Contacts a second since the start; null once it is over. */
  perSecond: z.number().nullable(),
});
export type TemplateRun = z.infer<typeof TemplateRun>;

export const RenderedContact = z.object({
  /** The recipient's place in the run, from 0 on. */
  position: Count,
  /** Null for who stands in a list and is no contact. */
  contactId: ContactId.nullable(),
  recipient: z.string().nullable(),
  name: z.string().nullable(),
  /** Email only. */
  subject: z.string().nullable(),
  /** Null where nothing is rendered, see `RunProblem`. */
  text: z.string().nullable(),
  /** In characters. */
  length: Count,
  missing: z.array(z.string()),
  problems: z.array(RunProblem),
});
export type RenderedContact = z.infer<typeof RenderedContact>;

export const ResultFilter = z.object({
  /** `any`: whoever has a problem. */
  problem: z.union([RunProblem, z.literal('any')]).optional(),
  /** Whoever lacks this variable. */
  variable: z.string().max(200).optional(),
  /** Stands in the address, the name or the text. */
  search: z.string().max(200).optional(),
});
export type ResultFilter = z.infer<typeof ResultFilter>;

const OneRun = z.object({ runId: TemplateRunId });

export const templateRuns = {
  /** Freezes the audience and queues its batches; without a version, the current one. */
  start: command({
    input: z.object({
      templateId: TemplateId,
      version: z.int().positive().optional(),
      audience: Audience,
    }),
    output: TemplateRun,
  }),
  /** Newest first, at most 50. */
  list: query({
    input: z.object({ templateId: TemplateId.optional() }),
    output: z.object({ runs: z.array(TemplateRun) }),
  }),
  get: query({ input: OneRun, output: TemplateRun }),
  results: query({
    input: OneRun.extend({ filter: ResultFilter.default({}), start: Count, count: z.int().min(1).max(500) }),
    output: z.object({ total: Count, rows: z.array(RenderedContact) }),
  }),
  /** What the filter shows as a file; formulas in it are harmless. */
  exportFile: command({
    input: OneRun.extend({ filter: ResultFilter.default({}), format: z.enum(['xlsx', 'csv']) }),
    output: Download,
  }),
  /** What was rendered so far stays. */
  cancel: command({ input: OneRun, output: TemplateRun }),
  /** Goes on with what a cancelled or failed run did not get to. */
  resume: command({ input: OneRun, output: TemplateRun }),
  /** Removes a run that is over, with its results. */
  remove: command({ input: OneRun, output: Empty }),
};

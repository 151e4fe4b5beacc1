import { Hono } from 'hono';
import { z } from 'zod';
import type { JobDetail, JobSummary } from '@shared/contract/queues';
import { ImportOptions } from '@shared/contract/imports';
import { WhatsAppContent, WhatsAppTemplate } from '@shared/contract/message';
import { fail, notFound, ok, type Result } from '@shared/errors';
import { DEFAULT_FAILURE_SHARE } from '@shared/domain/campaign-safety';
import { ContactId, JobId, TemplateId } from '@shared/domain/ids';
import { JobPrioritySchema, QueueName } from '@shared/domain/queues';
import { parseInput, readJson } from './body';
import { contextOf, type RestDependencies } from './dependencies';
import { problem } from './problems';

/**
 * The guide's body, and what the console offers besides: a saved template, one that WhatsApp has approved, media,
 * a name, a time. Each parameter of an approved template is filled in for each recipient, as `messageContent` is.
 */
export const BulkMessageRequest = z.object({
  contactIds: z
    .array(ContactId)
    .min(1, 'Name at least one contact.')
    .max(100_000, 'At most 100,000 contacts a request.'),
  /** Of a template message: its approved text, which is shown in the console and never sent. */
  messageContent: z.string().max(4_096, 'WhatsApp takes at most 4,096 characters.').optional(),
  messageType: z.enum(['text', 'image', 'video', 'document', 'audio', 'template']).default('text'),
  template: WhatsAppTemplate.optional(),
  mediaUrl: z.url().optional(),
  templateId: TemplateId.optional(),
  name: z.string().trim().min(1).max(200).optional(),
  priority: JobPrioritySchema.default(1),
  delay: z.int().nonnegative().optional(),
  scheduledAt: z.iso.datetime({ offset: true }).optional(),
  missing: z.enum(['refuse', 'skip']).default('refuse'),
  /** Where more people are reached than WhatsApp's limit of 24 hours leaves; see the answer's `later`. */
  overBudget: z.enum(['refuse', 'send', 'fit', 'fit-only']).default('refuse'),
  canary: z.boolean().default(false),
  stopAtFailureShare: z.number().min(0.01).max(1).nullable().default(DEFAULT_FAILURE_SHARE),
});

/** Rows are judged one by one by the import; only what is not a row at all is refused here. */
const JsonContact = z.object({
  phone: z.union([z.string(), z.number()]).transform(String),
  name: z.string().optional(),
  email: z.string().optional(),
  tags: z.array(z.string()).optional(),
  customFields: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String))
    .optional(),
});

export const ImportContactsRequest = z.object({
  contacts: z
    .array(JsonContact)
    .min(1, 'Send at least one contact.')
    .max(50_000, 'At most 50,000 contacts a request; send more as a file.'),
  importOptions: ImportOptions.prefault({}),
});

/** `/api/jobs`: the seed guide's endpoints, with its shapes and status codes. */
export const jobRoutes = (deps: RestDependencies): Hono => {
  const routes = new Hono();

  routes.post('/bulk-message', async (c) => {
    const body = await readJson(c, BulkMessageRequest);
    if (!body.ok) return problem(c, body.error);
    const input = launchInput(body.value);
    if (!input.ok) return problem(c, input.error);
    const launched = await deps.handlers.campaigns.launch(input.value, contextOf(deps, c.req.raw));
    if (!launched.ok) return problem(c, launched.error);
    const { campaignId, jobId, recipients, skipped, later } = launched.value;
    const message = `Bulk message job queued for ${recipients} contacts`;
    return c.json({ success: true, jobId, message, campaignId, recipients, skipped, later }, 202);
  });

  routes.post('/import-contacts', async (c) => {
    const body = await readJson(c, ImportContactsRequest);
    if (!body.ok) return problem(c, body.error);
    const started = await deps.importContacts(body.value.contacts, body.value.importOptions, deps.actor);
    if (!started.ok) return problem(c, started.error);
    const message = `Contact import job queued for ${body.value.contacts.length} contacts`;
    return c.json({ success: true, ...started.value, message }, 202);
  });

  routes.get('/stats', async (c) => {
    const context = contextOf(deps, c.req.raw);
    const [overview, stats, recent] = await Promise.all([
      deps.handlers.queues.overview({}, context),
      deps.handlers.activity.stats({ days: 30 }, context),
      deps.handlers.activity.jobLogs({ limit: 10 }, context),
    ]);
    if (!overview.ok) return problem(c, overview.error);
    if (!stats.ok) return problem(c, stats.error);
    if (!recent.ok) return problem(c, recent.error);
    const { total, completed, failed, running } = stats.value;
    return c.json({
      success: true,
      queueStats: Object.fromEntries(overview.value.queues.map((queue) => [queue.name, queue.counts])),
      historicalStats: { total, completed, failed, running },
      recentJobs: recent.value.logs,
    });
  });

  routes.get('/:jobId', async (c) => {
    const found = await findJob(deps, c.req.raw, c.req.param('jobId'), c.req.query('queue'));
    if (!found.ok) return problem(c, found.error);
    const detail = await deps.handlers.queues.job(
      { queue: found.value.queue, jobId: found.value.id },
      contextOf(deps, c.req.raw),
    );
    if (!detail.ok) return problem(c, detail.error);
    return c.json({ success: true, job: guideJob(detail.value) });
  });

  routes.delete('/:jobId', async (c) => {
    const found = await findJob(deps, c.req.raw, c.req.param('jobId'), c.req.query('queue'));
    if (!found.ok) return problem(c, found.error);
    const { queue, id, state } = found.value;
    if (state === 'completed' || state === 'failed')
      return problem(c, {
        code: 'conflict',
        message: `Job ${id} has ${state} already and cannot be cancelled.`,
      });
    const outcome = await deps.handlers.queues.cancel(
      { jobs: [{ queue, jobId: id }] },
      contextOf(deps, c.req.raw),
    );
    if (!outcome.ok) return problem(c, outcome.error);
    const refused = outcome.value.failed[0];
    if (refused !== undefined) return problem(c, { code: 'conflict', message: refused.message });
    const message = state === 'active' ? `Job ${id} is being cancelled` : `Job ${id} cancelled`;
    return c.json({ success: true, message });
  });

  return routes;
};

const launchInput = (
  body: z.output<typeof BulkMessageRequest>,
): Result<Parameters<RestDependencies['handlers']['campaigns']['launch']>[0]> => {
  const text = body.messageContent ?? '';
  if (body.messageType === 'text' && text.trim() === '' && body.templateId === undefined)
    return fail({
      code: 'invalid_input',
      message: 'There is nothing to send.',
      action: 'Give messageContent, or a templateId.',
      issues: [{ path: 'messageContent', message: 'is missing' }],
    });
  if ((body.messageType === 'template') !== (body.template !== undefined))
    return fail({
      code: 'invalid_input',
      message: 'messageType template and the field template belong together.',
      action: 'Give both, or neither.',
      issues: [
        body.template === undefined
          ? { path: 'template', message: 'is missing' }
          : { path: 'messageType', message: 'has to be template' },
      ],
    });
  if (body.messageType !== 'text' && body.messageType !== 'template' && body.mediaUrl === undefined)
    return fail({
      code: 'invalid_input',
      message: `A message of type ${body.messageType} needs mediaUrl.`,
      issues: [{ path: 'mediaUrl', message: 'is missing' }],
    });
  return ok({
    name: body.name ?? `API message of ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    audience: { kind: 'contacts', contactIds: body.contactIds },
    message: WhatsAppContent.parse({
      channel: 'whatsapp',
      type: body.messageType,
      body: text,
      mediaUrl: body.mediaUrl ?? null,
      template: body.template ?? null,
      templateId: body.templateId ?? null,
    }),
    priority: body.priority,
    missing: body.missing,
    overBudget: body.overBudget,
    canary: body.canary,
    stopAtFailureShare: body.stopAtFailureShare,
    ...(body.delay === undefined ? {} : { delayMs: body.delay }),
    ...(body.scheduledAt === undefined ? {} : { startAt: new Date(body.scheduledAt).toISOString() }),
  });
};

/** A job by its id alone, as the guide has it; where several queues know the id, `?queue=` decides. */
const findJob = async (
  deps: RestDependencies,
  request: Request,
  id: string,
  queue: string | undefined,
): Promise<Result<JobSummary>> => {
  const jobId = parseInput(JobId, id);
  if (!jobId.ok) return fail(notFound('job', id));
  const wanted = queue === undefined ? ok(undefined) : parseInput(QueueName, queue);
  if (!wanted.ok)
    return fail({
      code: 'invalid_input',
      message: `There is no queue called ${queue ?? ''}.`,
      issues: [{ path: 'queue', message: 'is none of the queues' }],
    });
  const found = await deps.handlers.queues.findJob({ jobId: jobId.value }, contextOf(deps, request));
  if (!found.ok) return found;
  const jobs = found.value.jobs.filter((job) => wanted.value === undefined || job.queue === wanted.value);
  const [job, another] = jobs;
  if (job === undefined) return fail(notFound('job', id));
  if (another !== undefined)
    return fail({
      code: 'conflict',
      message: `Several queues have a job ${id}: ${jobs.map((each) => each.queue).join(', ')}.`,
      action: 'Say which one with ?queue=.',
    });
  return ok(job);
};

/** The guide's names for a job's fields, and after them what else is known. */
const guideJob = (job: JobDetail): Record<string, unknown> => ({
  id: job.id,
  name: job.name,
  queueName: job.queue,
  progress: job.progress,
  state: job.state,
  attemptsMade: job.attemptsMade,
  attemptsTotal: job.attempts,
  data: job.data,
  result: job.result,
  failedReason: job.failedReason,
  priority: job.priority,
  createdAt: job.createdAt,
  startedAt: job.startedAt,
  finishedAt: job.finishedAt,
  runsAt: job.runsAt,
  cancelRequested: job.cancelRequested,
});

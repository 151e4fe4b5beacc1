import { createHash } from 'node:crypto';
import type { z } from 'zod';
import type { Channel, Template, TemplateInput, TemplateVariable } from '@shared/contract/templates';
import type { ContactId, JobId } from '@shared/domain/ids';
import { OrganizationId, ProfileId, TemplateId } from '@shared/domain/ids';
import { jobNames } from '@shared/domain/jobs';
import { compileTemplate, type TemplateError } from '@shared/domain/template';
import { fail, notFound, ok, type InputIssue, type Result } from '@shared/errors';
import type { Actor } from '@shared/rpc/define';
import type { Audit } from '../activity/audit';
import { sqlState } from '../database/database';
import type { AnyNewJob } from '../engine/engine';
import type { TemplateRepository, TemplateRow } from './repository';
import { contactValues } from './values';

export interface TemplateServiceDependencies {
  readonly repository: TemplateRepository;
  readonly queues: { addJob(job: AnyNewJob): Promise<JobId> };
  readonly audit: Audit;
}

type Input = z.infer<typeof TemplateInput>;
type Variable = z.infer<typeof TemplateVariable>;

export interface TryOut {
  readonly problems: { message: string; line: number; column: number }[];
  readonly variables: Variable[];
  readonly rendered: string | null;
  readonly missing: string[];
}

const UNIQUE_VIOLATION = '23505';

/** Saved messages and what can be done with them short of sending. */
export function createTemplateService({ repository, queues, audit }: TemplateServiceDependencies) {
  const get = async (templateId: string, actor: Actor): Promise<Result<Template>> => {
    const row = await repository.find(actor.organizationId, templateId);
    return row === null ? fail(notFound('template', templateId)) : ok(templateOf(row));
  };

  const write = async (
    input: Input,
    templateId: string | undefined,
    variables: readonly Variable[],
    actor: Actor,
  ): Promise<Result<string>> => {
    const text = {
      ...input,
      subject: input.channel === 'email' ? input.subject : null,
      variables: variables.map(({ name }) => name),
      contentHash: hashOf(input),
    };
    if (templateId === undefined)
      return ok(await repository.create(actor.organizationId, text, actor.userId));
    const row = await repository.find(actor.organizationId, templateId);
    if (row === null) return fail(notFound('template', templateId));
    if (row.channel !== input.channel) {
      return fail({
        code: 'conflict',
        message: 'A template cannot change its channel. Save it as a new one.',
      });
    }
    await repository.update(actor.organizationId, row, text, actor.userId);
    return ok(templateId);
  };

  return {
    get,

    async list(channel: Channel | undefined, actor: Actor): Promise<Template[]> {
      return (await repository.list(actor.organizationId, channel)).map(templateOf);
    },

    /** Creates one, or adds a version. A text that does not compile is refused with line and column. */
    async save(input: Input, templateId: string | undefined, actor: Actor): Promise<Result<Template>> {
      const checked = check(input);
      if (!checked.ok) return checked;
      try {
        const saved = await write(input, templateId, checked.value, actor);
        if (!saved.ok) return saved;
        await audit({ actor, action: 'templates.save', target: saved.value, detail: { name: input.name } });
        return await get(saved.value, actor);
      } catch (error) {
        if (sqlState(error) !== UNIQUE_VIOLATION) throw error;
        const message = `There is a template called “${input.name}” already.`;
        return fail({ code: 'invalid_input', message, issues: [{ path: 'name', message }] });
      }
    },

    async remove(templateId: string, actor: Actor): Promise<Result<Record<string, never>>> {
      if (!(await repository.archive(actor.organizationId, templateId))) {
        return fail(notFound('template', templateId));
      }
      await audit({ actor, action: 'templates.remove', target: templateId });
      return ok({});
    },

    /** Values typed by hand win over the contact's. */
    async tryOut(
      body: string,
      contactId: string | undefined,
      typed: Readonly<Record<string, string>>,
      actor: Actor,
    ): Promise<Result<TryOut>> {
      const compiled = compileTemplate(body);
      if (!compiled.ok) {
        return ok({ problems: compiled.errors.map(placeOf), variables: [], rendered: null, missing: [] });
      }
      const [contact] =
        contactId === undefined ? [] : await repository.contacts(actor.organizationId, [contactId]);
      if (contactId !== undefined && contact === undefined) return fail(notFound('contact', contactId));
      const values = { ...(contact === undefined ? {} : contactValues(contact)), ...typed };
      const { template } = compiled;
      return ok({
        problems: [],
        variables: [...template.variables],
        rendered: template.render(values),
        missing: template.missing(values),
      });
    },

    /** Renders for an audience in the background; the result is kept with the job. */
    async process(
      templateId: string,
      contactIds: readonly ContactId[],
      actor: Actor,
    ): Promise<Result<{ jobId: JobId; contacts: number }>> {
      const row = await repository.find(actor.organizationId, templateId);
      if (row === null) return fail(notFound('template', templateId));
      const jobId = await queues.addJob({
        queue: 'template-processing',
        name: jobNames['template-processing'],
        data: {
          organizationId: OrganizationId.parse(actor.organizationId),
          userId: ProfileId.parse(actor.userId),
          templateId: TemplateId.parse(templateId),
          version: row.version,
          contactIds: [...contactIds],
          label: row.name,
        },
      });
      return ok({ jobId, contacts: contactIds.length });
    },

    /** The current text of a template, for a campaign that names it. */
    async textOf(
      organizationId: string,
      templateId: string,
    ): Promise<{ versionId: string; body: string } | null> {
      const row = await repository.find(organizationId, templateId);
      return row === null ? null : { versionId: row.versionId, body: row.body };
    },
  };
}
export type TemplateService = ReturnType<typeof createTemplateService>;

function check(input: Input): Result<Variable[]> {
  const texts = [
    ...(input.channel === 'email' && input.subject !== null
      ? [{ path: 'subject', source: input.subject }]
      : []),
    { path: 'body', source: input.body },
  ];
  const issues: InputIssue[] = [];
  const variables = new Map<string, boolean>();
  for (const { path, source } of texts) {
    const compiled = compileTemplate(source);
    if (!compiled.ok) {
      issues.push(...compiled.errors.map((error) => ({ path, message: placed(error) })));
      continue;
    }
    for (const { name, hasFallback } of compiled.template.variables) {
      variables.set(name, (variables.get(name) ?? true) && hasFallback);
    }
  }
  if (issues.length === 0) return ok([...variables].map(([name, hasFallback]) => ({ name, hasFallback })));
  return fail({
    code: 'invalid_input',
    message: issues.map(({ message }) => message).join(' '),
    action: 'Mend the places named and save again.',
    issues,
  });
}

const placed = ({ line, column, message }: TemplateError): string =>
  `Line ${line}, column ${column}: ${message}`;
const placeOf = ({ message, line, column }: TemplateError) => ({ message, line, column });

const hashOf = ({ channel, subject, body }: Input): string =>
  createHash('sha256')
    .update(JSON.stringify([channel, subject, body]))
    .digest('hex');

function templateOf(row: TemplateRow): Template {
  const checked = check({ ...row, name: row.name });
  return {
    id: TemplateId.parse(row.id),
    name: row.name,
    channel: row.channel,
    subject: row.subject,
    body: row.body,
    version: row.version,
    variables: checked.ok ? checked.value : [],
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

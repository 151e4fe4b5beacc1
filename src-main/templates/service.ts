import { createHash } from 'node:crypto';
import type { z } from 'zod';
import type {
  Channel,
  ContactFieldUse,
  Template,
  TemplateInput,
  TemplateVariable,
  TemplateVersion,
  TemplateVersionText,
} from '@shared/contract/templates';
import type { ContactId, JobId } from '@shared/domain/ids';
import { OrganizationId, ProfileId, TemplateId } from '@shared/domain/ids';
import { jobNames } from '@shared/domain/jobs';
import { compileTemplate, type TemplateError } from '@shared/domain/template';
import { fail, notFound, ok, type AppError, type InputIssue, type Result } from '@shared/errors';
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

/** Where a save belongs: to a template, and to the version that its author had before them. */
export interface SaveTarget {
  readonly templateId?: string | undefined;
  readonly baseVersion?: number | undefined;
  /** The version whose text this is. */
  readonly restoredFrom?: number;
}

export interface FieldUse {
  readonly contacts: number;
  readonly fields: ContactFieldUse[];
}

const UNIQUE_VIOLATION = '23505';
const MAX_NAME_LENGTH = 120;
/** Counting what every contact has reads them all: whoever types asks again and again. */
const FIELD_USE_MS = 15_000;

/** Saved messages and what can be done with them short of sending. */
export function createTemplateService({ repository, queues, audit }: TemplateServiceDependencies) {
  const get = async (templateId: string, actor: Actor): Promise<Result<Template>> => {
    const row = await repository.find(actor.organizationId, templateId);
    return row === null ? fail(notFound('template', templateId)) : ok(templateOf(row));
  };

  const write = async (
    input: Input,
    { templateId, baseVersion, restoredFrom }: SaveTarget,
    variables: readonly Variable[],
    actor: Actor,
  ): Promise<Result<string>> => {
    const text = {
      ...input,
      subject: input.channel === 'email' ? input.subject : null,
      variables: variables.map(({ name }) => name),
      contentHash: hashOf(input),
      restoredFrom: restoredFrom ?? null,
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
    if (baseVersion !== undefined && baseVersion !== row.version) return fail(savedMeanwhile(row.version));
    const isFirst = await repository.update(actor.organizationId, row, text, actor.userId);
    return isFirst ? ok(templateId) : fail(savedMeanwhile(row.version + 1));
  };

  const save = async (input: Input, target: SaveTarget, actor: Actor): Promise<Result<Template>> => {
    const checked = check(input);
    if (!checked.ok) return checked;
    const detail = {
      name: input.name,
      ...(target.restoredFrom !== undefined && { restoredFrom: target.restoredFrom }),
    };
    try {
      const saved = await write(input, target, checked.value, actor);
      if (!saved.ok) return saved;
      await audit({ actor, action: 'templates.save', target: saved.value, detail });
      return await get(saved.value, actor);
    } catch (error) {
      if (sqlState(error) !== UNIQUE_VIOLATION) throw error;
      const message = `There is a template called “${input.name}” already.`;
      return fail({ code: 'invalid_input', message, issues: [{ path: 'name', message }] });
    }
  };

  const fieldUse = new Map<string, { readonly until: number; readonly use: Promise<FieldUse> }>();

  return {
    get,

    /** Creates one, or adds a version. A text that does not compile is refused with line and column. */
    save,

    /** By name; with `removed` those that were put away. */
    async list(
      filter: { readonly channel?: Channel | undefined; readonly removed?: boolean },
      actor: Actor,
    ): Promise<Template[]> {
      return (await repository.list(actor.organizationId, filter)).map(templateOf);
    },

    /** A new one with the same text, called "… (copy)" or "… (copy 2)". */
    async duplicate(templateId: string, actor: Actor): Promise<Result<Template>> {
      const row = await repository.find(actor.organizationId, templateId);
      if (row === null) return fail(notFound('template', templateId));
      const taken = await repository.namesInUse(actor.organizationId, row.channel);
      return save({ ...row, name: freeName(row.name, taken) }, {}, actor);
    },

    async remove(templateId: string, actor: Actor): Promise<Result<Record<string, never>>> {
      if (!(await repository.archive(actor.organizationId, templateId))) {
        return fail(notFound('template', templateId));
      }
      await audit({ actor, action: 'templates.remove', target: templateId });
      return ok({});
    },

    /** Takes back what `remove` put away. */
    async bringBack(templateId: string, actor: Actor): Promise<Result<Template>> {
      try {
        if (!(await repository.unarchive(actor.organizationId, templateId))) {
          return fail(notFound('removed template', templateId));
        }
      } catch (error) {
        if (sqlState(error) !== UNIQUE_VIOLATION) throw error;
        return fail({
          code: 'conflict',
          message: 'Another template has its name now.',
          action: 'Rename that one, then bring this one back.',
        });
      }
      await audit({ actor, action: 'templates.bring-back', target: templateId });
      return get(templateId, actor);
    },

    async versions(templateId: string, actor: Actor): Promise<Result<TemplateVersion[]>> {
      const versions = await repository.versions(actor.organizationId, templateId);
      return versions.length === 0 ? fail(notFound('template', templateId)) : ok(versions);
    },

    async version(templateId: string, version: number, actor: Actor): Promise<Result<TemplateVersionText>> {
      const found = await repository.version(actor.organizationId, templateId, version);
      if (found === null) return fail(noVersion(version));
      return ok({ version, subject: found.subject, body: found.body });
    },

    /** The text of an old version as a new one; a conflict where it is the current text already. */
    async restore(templateId: string, version: number, actor: Actor): Promise<Result<Template>> {
      const row = await repository.find(actor.organizationId, templateId);
      if (row === null) return fail(notFound('template', templateId));
      const old = await repository.version(actor.organizationId, templateId, version);
      if (old === null) return fail(noVersion(version));
      const input = { name: row.name, channel: row.channel, subject: old.subject, body: old.body };
      if (hashOf(input) === row.contentHash) {
        return fail({ code: 'conflict', message: `Version ${version} has the text that is current now.` });
      }
      return save(input, { templateId, baseVersion: row.version, restoredFrom: version }, actor);
    },

    /** What contacts offer to a template; counted at most every 15 s. */
    fields(actor: Actor): Promise<FieldUse> {
      const known = fieldUse.get(actor.organizationId);
      if (known !== undefined && known.until > Date.now()) return known.use;
      const use = repository.fieldUse(actor.organizationId);
      fieldUse.set(actor.organizationId, { until: Date.now() + FIELD_USE_MS, use });
      use.catch(() => fieldUse.delete(actor.organizationId));
      return use;
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

const savedMeanwhile = (version: number): AppError => ({
  code: 'conflict',
  message: `Somebody saved version ${version} meanwhile.`,
  action: 'Copy your text, open the template again and put it in.',
});

const noVersion = (version: number): AppError => notFound('version', String(version));

/** "Order (copy)", then "Order (copy 2)"; a long name is cut to keep the end. */
function freeName(name: string, taken: ReadonlySet<string>): string {
  const base = name.replace(/ \(copy(?: \d+)?\)$/, '');
  for (let number = 1; ; number += 1) {
    const end = number === 1 ? ' (copy)' : ` (copy ${number})`;
    const candidate = base.slice(0, MAX_NAME_LENGTH - end.length) + end;
    if (!taken.has(candidate.toLowerCase())) return candidate;
  }
}

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

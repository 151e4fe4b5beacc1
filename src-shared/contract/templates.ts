import { z } from 'zod';
import { command, query } from '../rpc/define';
import { CampaignId, ContactId, JobId, TemplateId } from '../domain/ids';
import { Count, Empty, Instant } from './common';

export const Channel = z.enum(['whatsapp', 'email']);
export type Channel = z.infer<typeof Channel>;

export const TemplateVariable = z.object({ name: z.string(), hasFallback: z.boolean() });

export const Template = z.object({
  id: TemplateId,
  name: z.string(),
  channel: Channel,
  /** Email only. */
  subject: z.string().nullable(),
  body: z.string(),
  version: z.int().positive(),
  variables: z.array(TemplateVariable),
  createdAt: Instant,
  updatedAt: Instant,
});
export type Template = z.infer<typeof Template>;

export const TemplateInput = z.object({
  name: z.string().trim().min(1, 'Give the template a name.').max(120),
  channel: Channel,
  subject: z.string().max(500).nullable().default(null),
  body: z.string().min(1, 'Write something.').max(100_000),
});

/** A save of a template. A version never changes. */
export const TemplateVersion = z.object({
  version: z.int().positive(),
  /** Who saved it; null where that is not known any more. */
  savedBy: z.string().nullable(),
  savedAt: Instant,
  /** The version whose text it brought back. */
  restoredFrom: z.int().positive().nullable(),
  /** What was sent with it, newest first. */
  campaigns: z.array(z.object({ id: CampaignId, name: z.string(), at: Instant })),
});
export type TemplateVersion = z.infer<typeof TemplateVersion>;

export const TemplateVersionText = z.object({
  version: z.int().positive(),
  subject: z.string().nullable(),
  body: z.string(),
});
export type TemplateVersionText = z.infer<typeof TemplateVersionText>;

/** What the contacts offer to a template, and how many of them have it. */
export const ContactFieldUse = z.object({ name: z.string(), contacts: Count });
export type ContactFieldUse = z.infer<typeof ContactFieldUse>;

export const CompileProblem = z.object({
  message: z.string(),
  line: z.int().positive(),
  column: z.int().positive(),
});

const OneTemplate = z.object({ templateId: TemplateId });
const AVersion = { version: z.int().positive() };

export const templates = {
  /** By name; `removed` lists those that were put away instead. */
  list: query({
    input: z.object({ channel: Channel.optional(), removed: z.boolean().default(false) }),
    output: z.object({ templates: z.array(Template) }),
  }),
  get: query({ input: OneTemplate, output: Template }),
  /**
   * Creates one, or adds a version to the one named. With `baseVersion`, a template that somebody else saved
   * meanwhile is a conflict instead of being overwritten.
   */
  save: command({
    input: TemplateInput.extend({
      templateId: TemplateId.optional(),
      baseVersion: z.int().positive().optional(),
    }),
    output: Template,
  }),
  /** A new template with the same text under a name that is free. */
  duplicate: command({ input: OneTemplate, output: Template }),
  /** Puts it away; campaigns keep the version that they used. */
  remove: command({ input: OneTemplate, output: Empty }),
  /** Takes a removed one back; a conflict where another has its name now. */
  bringBack: command({ input: OneTemplate, output: Template }),
  /** Every version, newest first, with who saved it and which campaigns used it. */
  versions: query({ input: OneTemplate, output: z.object({ versions: z.array(TemplateVersion) }) }),
  version: query({ input: OneTemplate.extend(AVersion), output: TemplateVersionText }),
  /** Makes a new version with an old one's text. */
  restore: command({ input: OneTemplate.extend(AVersion), output: Template }),
  /** What contacts offer to a template: their own fields first, then custom ones, most used first. */
  fields: query({
    input: Empty,
    output: z.object({ contacts: Count, fields: z.array(ContactFieldUse) }),
  }),
  /** Compiles a text and renders it for one contact, or for values typed by hand. */
  tryOut: query({
    input: z.object({
      body: z.string().max(100_000),
      contactId: ContactId.optional(),
      values: z.record(z.string(), z.string()).default({}),
    }),
    output: z.object({
      problems: z.array(CompileProblem),
      variables: z.array(TemplateVariable),
      rendered: z.string().nullable(),
      missing: z.array(z.string()),
    }),
  }),
  /** Renders a saved template for an audience as a `template-processing` job; the result is kept with the job. */
  process: command({
    input: z.object({ templateId: TemplateId, contactIds: z.array(ContactId).min(1).max(1_000) }),
    output: z.object({ jobId: JobId, contacts: Count }),
  }),
};

import { z } from 'zod';
import { command, query } from '../rpc/define';
import { ContactId, JobId, TemplateId } from '../domain/ids';
import { Count, Empty, Instant } from './common';

export const Channel = z.enum(['whatsapp', 'email']);
export type Channel = z.infer<typeof Channel>;

export const TemplateVariable = z.object({ name: z.string(), hasFallback: z.boolean() });

export const Template = z.object({
  id: TemplateId,
  name: z.string(),
  channel: Channel,
  /** E-mail only. */
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

export const CompileProblem = z.object({
  message: z.string(),
  line: z.int().positive(),
  column: z.int().positive(),
});

export const templates = {
  list: query({
    input: z.object({ channel: Channel.optional() }),
    output: z.object({ templates: z.array(Template) }),
  }),
  get: query({ input: z.object({ templateId: TemplateId }), output: Template }),
  /** Creates one, or adds a version to the one named. */
  save: command({ input: TemplateInput.extend({ templateId: TemplateId.optional() }), output: Template }),
  remove: command({ input: z.object({ templateId: TemplateId }), output: Empty }),
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

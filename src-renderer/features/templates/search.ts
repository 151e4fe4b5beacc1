import { z } from 'zod';
import { TemplateId, TemplateRunId } from '@shared/domain/ids';

/** What the address says of the templates: which one is open, what of it, and which rendering. */
export const templatesSearch = z.object({
  id: TemplateId.optional().catch(undefined),
  view: z.enum(['text', 'versions', 'renderings']).optional().catch(undefined),
  run: TemplateRunId.optional().catch(undefined),
});
export type TemplatesSearch = z.infer<typeof templatesSearch>;
export type TemplateView = NonNullable<TemplatesSearch['view']>;

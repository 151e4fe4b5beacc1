import { z } from 'zod';
import type { ConsoleContract } from '@shared/contract';
import { ok } from '@shared/errors';
import type { DomainHandlers } from '@shared/rpc/define';
import { cursorAt, positionAt } from '../paging';
import type { Drafts } from './drafts';
import type { Mappings } from './mappings/mappings';
import type { Rejects } from './rejects';
import type { Reviewing } from './reviewing';
import type { ImportService } from './service';
import { pushChanges } from './watching';

const Position = z.object({ at: z.coerce.date(), id: z.uuid() });

/** The contract's imports, answered by the service. */
export const createImportHandlers = (
  service: ImportService,
  drafts: Drafts,
  rejects: Rejects,
  reviewing: Reviewing,
  mappings: Mappings,
): DomainHandlers<ConsoleContract['imports']> => ({
  open: ({ source }, { actor, signal }) => drafts.open(source, actor, signal),
  draft: ({ importId }, { actor, signal }) => drafts.draft(importId, actor, signal),
  drafts: async (_input, { actor }) => ok({ drafts: await drafts.list(actor) }),
  inspect: ({ importId, ...place }, { actor, signal }) => drafts.inspect(importId, place, actor, signal),
  ...reviewing,
  start: ({ importId, ...settings }, { actor, signal }) => service.start(importId, settings, actor, signal),
  list: async ({ cursor, limit }, { actor }) => {
    const after = positionAt(cursor, Position);
    if (!after.ok) return after;
    const { imports, next } = await service.list({ after: after.value, limit }, actor);
    return ok({ imports, nextCursor: next === null ? null : cursorAt(next) });
  },
  get: ({ importId }, { actor }) => service.get(importId, actor),
  changes: ({ importId }, sink, { actor, signal }) =>
    pushChanges(() => service.get(importId, actor), sink, signal),
  pause: ({ importId }, { actor }) => service.pause(importId, actor),
  resume: ({ importId }, { actor }) => service.resume(importId, actor),
  cancel: ({ importId, ...options }, { actor }) => service.cancel(importId, options, actor),
  rejected: ({ importId, ...page }, { actor }) => rejects.list(importId, page, actor),
  exportRejected: ({ importId }, { actor }) => rejects.exportFile(importId, actor),
  undo: ({ importId }, { actor }) => service.undo(importId, actor),
  kept: ({ importId, ...page }, { actor }) => service.kept(importId, page, actor),
  discardDraft: ({ importId }, { actor }) => drafts.discard(importId, actor),
  savedMappings: async (_input, { actor }) => ok({ mappings: await mappings.list(actor) }),
  saveMapping: (mapping, { actor }) => mappings.save(mapping, actor),
  forgetMapping: ({ mappingId }, { actor }) => mappings.forget(mappingId, actor),
});

import { z } from 'zod';
import type { ConsoleContract } from '@shared/contract';
import { ok } from '@shared/errors';
import type { DomainHandlers } from '@shared/rpc/define';
import { cursorAt, positionAt } from '../paging';
import type { ContactService } from './service';

/** A timestamp as PostgreSQL writes it: finer than a Date, so it stays text. */
const Position = z.object({ at: z.string().regex(/^[\d\-:.+ T]{10,40}$/), id: z.uuid() });

/** The contract's contacts, answered by the service. */
export const createContactHandlers = (
  service: ContactService,
): DomainHandlers<ConsoleContract['contacts']> => ({
  list: async ({ cursor, limit, ...filter }, { actor }) => {
    const after = positionAt(cursor, Position);
    if (!after.ok) return after;
    const { contacts, total, next } = await service.list(filter, { after: after.value, limit }, actor);
    return ok({ contacts, total, nextCursor: next === null ? null : cursorAt(next) });
  },
  get: ({ contactId }, { actor }) => service.get(contactId, actor),
  tags: async (_input, { actor }) => ok({ tags: await service.tags(actor) }),
  fields: async (_input, { actor }) => ok({ fields: await service.fields(actor) }),
  update: ({ contactId, ...patch }, { actor }) => service.update(contactId, patch, actor),
  setOptOut: async ({ contactId, optedOut }, { actor }) => {
    const contact = await service.setOptOut(contactId, optedOut, actor);
    return contact.ok ? ok({ contact: contact.value }) : contact;
  },
});

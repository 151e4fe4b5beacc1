import { z } from 'zod';
import type { ConsoleContract } from '@shared/contract';
import { fail, ok, type AppError, type Result } from '@shared/errors';
import type { DomainHandlers } from '@shared/rpc/define';
import type { ContactPosition } from './repository';
import type { ContactService } from './service';

/** The contract's contacts, answered by the service. */
export const createContactHandlers = (
  service: ContactService,
): DomainHandlers<ConsoleContract['contacts']> => ({
  list: async ({ cursor, limit, ...filter }, { actor }) => {
    const after = readCursor(cursor);
    if (!after.ok) return after;
    const { contacts, total, next } = await service.list(filter, { after: after.value, limit }, actor);
    return ok({ contacts, total, nextCursor: next === null ? null : JSON.stringify(next) });
  },
  get: ({ contactId }, { actor }) => service.get(contactId, actor),
  tags: async (_input, { actor }) => ok({ tags: await service.tags(actor) }),
  fields: async (_input, { actor }) => ok({ fields: await service.fields(actor) }),
  setOptOut: async ({ contactId, optedOut }, { actor }) => {
    const contact = await service.setOptOut(contactId, optedOut, actor);
    return contact.ok ? ok({ contact: contact.value }) : contact;
  },
});

/** A timestamp as PostgreSQL writes it: finer than a Date, so it stays text. */
const Position = z.object({ at: z.string().regex(/^[\d\-:.+ T]{10,40}$/), id: z.uuid() });

function readCursor(cursor: string | undefined): Result<ContactPosition | undefined> {
  if (cursor === undefined) return ok(undefined);
  try {
    const parsed = Position.safeParse(JSON.parse(cursor));
    return parsed.success ? ok(parsed.data) : fail(badCursor);
  } catch {
    return fail(badCursor); // Not JSON: not a cursor of ours.
  }
}

const badCursor: AppError = {
  code: 'invalid_input',
  message: 'This page does not exist any more.',
  action: 'Start again from the first page.',
  issues: [{ path: 'cursor', message: 'is not a cursor of this list' }],
};

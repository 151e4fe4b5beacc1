import type { z } from 'zod';
import type { Contact, ContactEvent, ContactFilter, ContactPatch } from '@shared/contract/contacts';
import type { ContactId } from '@shared/domain/ids';
import { fail, notFound, ok, type Result } from '@shared/errors';
import type { Actor } from '@shared/rpc/define';
import type { Audit } from '../activity/audit';
import { brokenConstraint, type Database, transaction } from '../database/database';
import {
  countContacts,
  countTags,
  deliveriesTo,
  findContact,
  hasOther,
  importsOf,
  listContacts,
  listFields,
  releaseAddresses,
  setOptOut,
  suppressAddresses,
  updateContact,
  type ContactPosition,
  type DeliveryMention,
  type ImportMention,
} from './repository';
import { beforeOf, phoneTaken, readPatch } from './patch';

type Event = z.infer<typeof ContactEvent>;

/** Messages that a contact's history shows. */
const MESSAGES_SHOWN = 100;

export interface ContactService {
  list(
    filter: ContactFilter,
    page: { readonly after?: ContactPosition | undefined; readonly limit: number },
    actor: Actor,
  ): Promise<{ contacts: Contact[]; total: number; next: ContactPosition | null }>;
  get(contactId: ContactId, actor: Actor): Promise<Result<{ contact: Contact; history: Event[] }>>;
  tags(actor: Actor): Promise<{ tag: string; contacts: number }[]>;
  fields(actor: Actor): Promise<string[]>;
  /** Corrects a contact, and answers what it was before as a patch that takes it back. */
  update(
    contactId: ContactId,
    patch: ContactPatch,
    actor: Actor,
  ): Promise<Result<{ contact: Contact; before: ContactPatch }>>;
  /** Also keeps the contact's phone and email from being written to, or lets them again. */
  setOptOut(contactId: ContactId, optedOut: boolean, actor: Actor): Promise<Result<Contact>>;
}

export function createContactService({
  database,
  audit,
}: {
  readonly database: Database;
  readonly audit: Audit;
}): ContactService {
  return {
    async list(filter, page, { organizationId }) {
      const [found, total] = await Promise.all([
        listContacts(database, organizationId, filter, { ...page, limit: page.limit + 1 }),
        countContacts(database, organizationId, filter),
      ]);
      const shown = found.slice(0, page.limit);
      const next = found.length > page.limit ? (shown.at(-1)?.position ?? null) : null;
      return { contacts: shown.map(({ contact }) => contact), total, next };
    },

    async get(contactId, { organizationId }) {
      const contact = await findContact(database, organizationId, contactId);
      if (contact === undefined) return fail(notFound('contact', contactId));
      const [imports, deliveries] = await Promise.all([
        importsOf(database, organizationId, contactId),
        deliveriesTo(database, organizationId, contactId, MESSAGES_SHOWN),
      ]);
      return ok({ contact, history: historyOf(contact, imports, deliveries) });
    },

    tags: ({ organizationId }) => countTags(database, organizationId),
    fields: ({ organizationId }) => listFields(database, organizationId),

    async update(contactId, patch, actor) {
      const read = readPatch(patch);
      if (!read.ok) return read;
      const { organizationId } = actor;
      const change = transaction(database, async (trx) => {
        const old = await findContact(trx, organizationId, contactId);
        if (old === undefined) return fail(notFound('contact', contactId));
        const { phone } = read.value;
        if (phone !== undefined && (await hasOther(trx, organizationId, contactId, phone)))
          return fail(phoneTaken(phone));
        await updateContact(trx, organizationId, contactId, read.value);
        const contact = await findContact(trx, organizationId, contactId);
        return contact === undefined
          ? fail(notFound('contact', contactId))
          : ok({ contact, before: beforeOf(old, read.value) });
      });
      const changed = await change.catch((error: unknown) => {
        // An import, or somebody else, has written the number between the look and the change.
        if (brokenConstraint(error) !== 'contacts_phone_key') throw error;
        return fail(phoneTaken(read.value.phone ?? ''));
      });
      if (changed.ok) {
        const { fields, ...own } = read.value;
        const detail = { fields: [...Object.keys(own), ...Object.keys(fields ?? {})] };
        await audit({ actor, action: 'contacts.update', target: contactId, detail });
      }
      return changed;
    },

    async setOptOut(contactId, optedOut, actor) {
      const { organizationId, userId } = actor;
      const contact = await transaction(database, async (trx) => {
        if (!(await setOptOut(trx, organizationId, contactId, optedOut))) return undefined;
        const changed = await findContact(trx, organizationId, contactId);
        if (changed === undefined) return undefined;
        if (optedOut) await suppressAddresses(trx, organizationId, changed, userId);
        else await releaseAddresses(trx, organizationId, changed);
        return changed;
      });
      if (contact === undefined) return fail(notFound('contact', contactId));
      const action = optedOut ? 'contacts.opt-out' : 'contacts.opt-in';
      await audit({ actor, action, target: contactId });
      return ok(contact);
    },
  };
}

/** What is known of a contact's past, the latest first. */
export function historyOf(
  contact: Contact,
  imports: readonly ImportMention[],
  deliveries: readonly DeliveryMention[],
): Event[] {
  const made = imports.some(({ what }) => what === 'created');
  const events: Event[] = [
    ...imports.map(({ at, what, fileName }) => ({
      at: at.toISOString(),
      what,
      title: what === 'created' ? 'Imported' : 'Updated by an import',
      detail: fileName,
    })),
    ...(made ? [] : [{ at: contact.createdAt, what: 'created' as const, title: 'Created', detail: null }]),
    ...deliveries.map(({ at, campaign, state, text, error }) => ({
      at: at.toISOString(),
      what: 'message' as const,
      title: `${campaign}: ${state.replace('_', ' ')}`,
      detail: error ?? text,
    })),
    ...(contact.optedOutAt === null
      ? []
      : [{ at: contact.optedOutAt, what: 'opted-out' as const, title: 'Opted out', detail: null }]),
  ];
  return events.sort((a, b) => b.at.localeCompare(a.at));
}

import { basename } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { audiences, ListFile, RecipientList } from '@shared/contract/audiences';
import type { FileSource } from '@shared/contract/imports';
import { ListId } from '@shared/domain/ids';
import {
  createAddressReader,
  listColumns,
  listMapping,
  pastedAddresses,
  type ListEntry,
} from '@shared/domain/recipient-list';
import { fail, notFound, ok, type AppError, type Result } from '@shared/errors';
import type { Actor, Client, ParsedInputOf } from '@shared/rpc/define';
import type { BackgroundContract } from '../../../background/contract';
import type { Database } from '../../../database/database';
import type { FileExchange } from '../../../files/exchange';
import { addEntries, createList, findList, removeList } from './repository';

export interface ListsDependencies {
  readonly database: Database;
  readonly spreadsheets: Pick<Client<BackgroundContract>['spreadsheets'], 'inspect' | 'list'>;
  readonly files: Pick<FileExchange, 'uploaded' | 'release'>;
}

export type OpenInput = ParsedInputOf<(typeof audiences)['openFile']>;
type Inspected = Extract<
  Awaited<ReturnType<ListsDependencies['spreadsheets']['inspect']>>,
  { ok: true }
>['value'];

/** Lists of recipients that are no import: kept in the database, named by their id from then on. */
export interface Lists {
  paste(text: string, defaultCountry: string | null, actor: Actor): Promise<Result<RecipientList>>;
  openFile(
    input: OpenInput,
    actor: Actor,
    signal: AbortSignal,
  ): Promise<Result<{ list: RecipientList | null; file: ListFile }>>;
  get(listId: string, actor: Actor): Promise<Result<RecipientList>>;
}

/** Addresses that are read in one turn of the event loop: a few milliseconds. */
const TURN = 500;
const BATCH = 5_000;

export function createLists({ database, spreadsheets, files }: ListsDependencies): Lists {
  const get = async (listId: string, { organizationId }: Actor): Promise<Result<RecipientList>> => {
    const list = await findList(database, organizationId, listId);
    return list === undefined ? fail(notFound('list', listId)) : ok(list);
  };

  const fileOf = (source: FileSource): { path: string; name: string } | null => {
    if (source.kind === 'path') return { path: source.path, name: basename(source.path) };
    const upload = files.uploaded(source.uploadId);
    return upload === null ? null : { path: upload.path, name: upload.fileName };
  };

  return {
    get,

    async paste(text, defaultCountry, actor) {
      const read = createAddressReader(defaultCountry);
      const { organizationId, userId } = actor;
      const first = pastedAddresses(text).next();
      if (first.done === true) return fail(nothingPasted);
      const listId = await createList(database, {
        ...{ organizationId, userId, source: 'pasted', name: 'Pasted list', fields: [] },
      });
      let position = 0;
      let entries: ListEntry[] = [];
      const flush = async (): Promise<void> => {
        await addEntries(database, listId, position, entries);
        position += entries.length;
        entries = [];
      };
      for (const address of pastedAddresses(text)) {
        entries.push(read(address));
        if (entries.length % TURN === 0) await nextTurn();
        if (entries.length >= BATCH) await flush();
      }
      if (entries.length > 0) await flush();
      return get(listId, actor);
    },

    async openFile({ source, defaultCountry, sheet: wanted, columns: chosen }, actor, signal) {
      const file = fileOf(source);
      if (file === null) return fail(uploadGone);
      try {
        const where = { path: file.path, ...(wanted === undefined ? {} : { sheet: wanted }) };
        const inspected = await spreadsheets.inspect(where, { signal });
        if (!inspected.ok) return inspected;
        const { sheet, headerRow } = inspected.value;
        const mapping = listMapping(inspected.value.columns, chosen);
        const found = listColumns(mapping);
        const facts = factsOf(inspected.value, found);
        if (found.phone === null && found.email === null) return ok({ list: null, file: facts });
        const listId = ListId.parse(
          await createList(database, {
            organizationId: actor.organizationId,
            userId: actor.userId,
            source: 'file',
            name: file.name,
            fields: found.fields.filter((field) => field !== null),
          }),
        );
        const read = await spreadsheets.list(
          { listId, path: file.path, sheet, headerRow, mapping, defaultCountry },
          { signal },
        );
        if (!read.ok) {
          await removeList(database, listId);
          return read;
        }
        const list = await get(listId, actor);
        return list.ok ? ok({ list: list.value, file: facts }) : list;
      } finally {
        if (source.kind === 'upload') await files.release(source.uploadId);
      }
    },
  };
}

const nothingPasted: AppError = {
  code: 'invalid_input',
  message: 'There is no address in it.',
  action: 'Paste phone numbers or email addresses, one a line.',
  issues: [{ path: 'text', message: 'holds no address' }],
};

const uploadGone: AppError = {
  code: 'file_rejected',
  reason: 'not-found',
  message: 'The uploaded file is not there any more.',
  action: 'Choose it again.',
};

const factsOf = (
  { sheets, sheet, columns }: Inspected,
  { phone, email }: Pick<ListFile, 'phone' | 'email'>,
): ListFile => ({
  ...{ sheet, phone, email },
  sheets: sheets.map(({ name }) => name),
  columns: columns.map(({ header, samples }) => ({ header, sample: samples[0] ?? '' })),
});

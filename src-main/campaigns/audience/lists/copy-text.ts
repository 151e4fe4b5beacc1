import type { ListEntry } from '@shared/domain/recipient-list';
import { json, optional, text } from '../../../database/copy-format';

/** Takes the lines of {@link entryLine}. */
export const COPY_LIST_ENTRIES = `
  COPY recipient_list_entries (list_id, position, written, phone, email, name, given, problem) FROM STDIN`;

/** An entry as a line of COPY's text format. */
export const entryLine = (listId: string, position: number, entry: ListEntry): string =>
  `${listId}\t${position}\t${text(entry.written)}\t${optional(entry.phone)}\t${optional(entry.email)}\t` +
  `${optional(entry.name)}\t${json(entry.given)}\t${optional(entry.problem)}\n`;

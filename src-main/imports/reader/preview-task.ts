import type { z } from 'zod';
import type { ImportPreview, PreviewRow, RowReason } from '@shared/contract/imports';
import type { ReadPlan } from '../../background/contract';
import { RowNumbers } from '../continuing/numbering';
import { PHONE_NOTES } from './phone-notes';
import { RowJudge, type RowOutcome, shownCells } from './row-outcomes';
import type { SourceRow, SpreadsheetFile } from './row-source';
import { dataRows, readHeaders } from './sheet-rows';

/** Rows of each outcome that the preview shows. */
const SHOWN_ROWS = 200;
const PHONES_A_BATCH = 5_000;

export type PreviewWithoutDatabase = Omit<ImportPreview, 'existing'>;

/** Judges a whole sheet without writing anything; hands valid phones out in batches to be looked up. */
export async function previewSheet(
  file: SpreadsheetFile,
  plan: ReadPlan,
  sendPhones: (phones: string[]) => Promise<void>,
): Promise<PreviewWithoutDatabase> {
  const judge = new RowJudge(plan.mapping, plan.options, await readHeaders(file, plan));
  const numbers = plan.numbering === undefined ? undefined : new RowNumbers(plan.numbering);
  const tally = new Tally();
  let phones: string[] = [];
  for await (const batch of dataRows(file, plan)) {
    for (const source of batch) {
      const place = numbers?.place(source);
      const outcome =
        place?.type === 'refused'
          ? ({ kind: 'invalid', reasons: [place.reason] } as const)
          : judge.judge(source.row, source.cells);
      if (outcome === undefined) continue;
      tally.add(source, outcome);
      if (outcome.kind === 'valid') phones.push(outcome.contact.phone);
    }
    if (phones.length < PHONES_A_BATCH) continue;
    await sendPhones(phones);
    phones = [];
  }
  if (phones.length > 0) await sendPhones(phones);
  return tally.preview();
}

type Reason = z.infer<typeof RowReason>;

class Tally {
  private readonly counts = { valid: 0, duplicate: 0, invalid: 0 };
  private readonly rows: PreviewRow[] = [];
  private readonly reasons = new Map<string, { code: string; message: string; rows: number }>();

  add(source: SourceRow, outcome: RowOutcome): void {
    this.counts[outcome.kind] += 1;
    if (this.counts[outcome.kind] <= SHOWN_ROWS) this.rows.push(previewRow(source, outcome));
    if (outcome.kind === 'invalid') for (const reason of outcome.reasons) this.addReason(reason);
    if (outcome.kind === 'duplicate') this.addReason(outcome.reason);
  }

  preview(): PreviewWithoutDatabase {
    const { valid, duplicate, invalid } = this.counts;
    return {
      read: valid + duplicate + invalid,
      valid,
      duplicates: duplicate,
      invalid,
      byReason: [...this.reasons.values()].sort((a, b) => b.rows - a.rows),
      rows: this.rows,
    };
  }

  /** Grouped by kind; the first row's words stand for all of them. */
  private addReason({ code, message }: Reason): void {
    const known = this.reasons.get(code);
    if (known === undefined) this.reasons.set(code, { code, message, rows: 1 });
    else known.rows += 1;
  }
}

function previewRow({ row, cells }: SourceRow, outcome: RowOutcome): PreviewRow {
  const contact = outcome.kind === 'invalid' ? undefined : outcome.contact;
  return {
    row,
    outcome: outcome.kind,
    phone: contact?.phone ?? null,
    name: contact?.name ?? null,
    email: contact?.email ?? null,
    tags: [...(contact?.tags ?? [])],
    customFields: { ...contact?.customFields },
    cells: shownCells(cells),
    notes: outcome.kind === 'invalid' ? [] : outcome.notes.map((note) => PHONE_NOTES[note]),
    reasons:
      outcome.kind === 'invalid'
        ? [...outcome.reasons]
        : outcome.kind === 'duplicate'
          ? [outcome.reason]
          : [],
  };
}

import type { Download, TableFormat } from '@shared/contract/common';
import type { RenderedContact, ResultFilter, RunProblem } from '@shared/contract/template-runs';
import type { FileExchange } from '../../files/exchange';
import { offerTable, TABLE_BATCH_ROWS, type TableRows } from '../../files/table-file';
import type { XlsxCell } from '../../files/xlsx-writer';
import type { RunRow, TemplateRunRepository } from './repository';

const PROBLEM_WORDS: Readonly<Record<RunProblem, string>> = {
  missing: 'value missing',
  too_long: 'too long',
  no_address: 'no address',
  gone: 'contact removed',
  invalid: 'not a number or an address',
  duplicate: 'the same address stands before',
};

/** What a filter shows of a run, as a spreadsheet: text stays text, whatever it looks like. */
export function exportResults(
  deps: { readonly files: FileExchange; readonly runs: Pick<TemplateRunRepository, 'results'> },
  run: RunRow,
  filter: ResultFilter,
  format: TableFormat,
): Promise<Download> {
  const table = {
    name: `${run.templateName.slice(0, 80)} - version ${run.version} - rendered`,
    sheet: 'Rendered texts',
    widths: run.channel === 'email' ? [28, 22, 40, 80, 10, 24, 24] : [18, 22, 80, 10, 24, 24],
    rows: rows(deps.runs, run, filter),
  };
  return offerTable(deps.files, table, format);
}

async function* rows(
  runs: Pick<TemplateRunRepository, 'results'>,
  run: RunRow,
  filter: ResultFilter,
): TableRows {
  const isEmail = run.channel === 'email';
  const subject = isEmail ? ['Subject'] : [];
  yield [
    [isEmail ? 'Email' : 'Phone', 'Name', ...subject, 'Text', 'Characters', 'Missing values', 'Problems'],
  ];
  for (let after = -1; ;) {
    const part = await runs.results(run.id, filter, { after, count: TABLE_BATCH_ROWS });
    if (part.length === 0) return;
    yield part.map((row) => cells(row, isEmail));
    after = part.at(-1)?.position ?? after;
  }
}

const cells = (row: RenderedContact, isEmail: boolean): XlsxCell[] => [
  row.recipient,
  row.name,
  ...(isEmail ? [row.subject] : []),
  row.text,
  row.length,
  row.missing.join(', '),
  row.problems.map((problem) => PROBLEM_WORDS[problem]).join(', '),
];

const TEXT_ENDINGS = new Set(['csv', 'tsv', 'txt']);
const WORKBOOK_ENDINGS = new Set(['xlsx', 'xlsm', 'xlsb', 'xls', 'ods']);

/**
 * Tells that a file's name promises something else than is in it: a text that was named like a workbook, or the
 * other way round. Null where it does not, or promises nothing. `format` is the draft's.
 */
export function misnamed(
  fileName: string,
  format: string,
): { readonly ending: string; readonly kind: string } | null {
  const ending = /\.([a-z]+)$/i.exec(fileName)?.[1]?.toLowerCase() ?? '';
  const [kind = ''] = format.split(',');
  const isWrong = TEXT_ENDINGS.has(kind) ? WORKBOOK_ENDINGS.has(ending) : TEXT_ENDINGS.has(ending);
  return isWrong ? { ending: `.${ending}`, kind } : null;
}

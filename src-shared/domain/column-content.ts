import { cellLine, isBlank, type CellValue } from './cell';
import { parseCountry } from './country-names';
import { parseEmail } from './email';
import type { PhoneNormaliser } from './phone';
import { parseYesNo } from './yes-no';

/** What the first rows of a column look like; shares are 0 to 1 of its filled cells. */
export interface ColumnContent {
  readonly filled: number;
  readonly phones: number;
  /** Cells that are valid phone numbers, and cells that could be with a country code. */
  readonly phoneLike: number;
  readonly emails: number;
  readonly names: number;
  readonly countries: number;
  readonly yesNo: number;
  readonly distinct: number;
}

const DATE = /^\d{4}-\d{1,2}-\d{1,2}(?:[T ].*)?$|^\d{1,2}[./-]\d{1,2}[./-]\d{2,4}$/;
const NAME = /^\p{L}[\p{L}\p{M}'’.-]*(?: \p{L}[\p{L}\p{M}'’.-]*){0,4}$/u;
/** A damaged or local number still says what the column is, but less than a valid one. */
const ALMOST_PHONE = 0.6;

export function describeColumn(
  cells: readonly (CellValue | undefined)[],
  normalise: PhoneNormaliser,
): ColumnContent {
  const filledCells = cells.filter((cell) => !isBlank(cell));
  const texts = filledCells.map(cellLine);
  const phoneScores = filledCells.map((cell, i) => phoneScore(cell, texts[i] ?? '', normalise));
  const share = (count: number): number => (texts.length === 0 ? 0 : count / texts.length);
  const shareOf = (test: (text: string) => boolean): number => share(texts.filter(test).length);
  return {
    filled: texts.length,
    phones: share(phoneScores.filter((score) => score === 1).length),
    phoneLike: share(phoneScores.reduce((sum, score) => sum + score, 0)),
    emails: shareOf((text) => parseEmail(text).ok),
    names: shareOf((text) => text.length <= 60 && NAME.test(text)),
    countries: shareOf((text) => parseCountry(text) !== undefined),
    yesNo: shareOf((text) => parseYesNo(text) !== undefined),
    distinct: share(new Set(texts).size),
  };
}

function phoneScore(cell: CellValue | undefined, text: string, normalise: PhoneNormaliser): number {
  if (typeof cell === 'boolean' || DATE.test(text)) return 0;
  const result = normalise(typeof cell === 'number' ? cell : text);
  // Scientific text is what Excel makes of a phone column.
  if (result.ok || result.code === 'digits-lost') return 1;
  const digits = text.replace(/\D/g, '').length;
  const couldBe =
    result.code === 'country-unknown' || result.code === 'invalid' || result.code === 'several-numbers';
  return couldBe && digits >= 8 ? ALMOST_PHONE : 0;
}

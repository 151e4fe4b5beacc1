/** The scanner reads the usual shape of .xlsx; what it does not know it reads again as canonical XML. */
export class ScannerDeclined extends Error {
  override readonly name = 'ScannerDeclined';
}

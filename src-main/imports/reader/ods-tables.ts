import { xmlAttribute } from './xml-text';

/** A sheet of an OpenDocument spreadsheet, as its content.xml names it. */
export interface OdsTable {
  readonly name: string;
  readonly hidden: boolean;
}

const TAG = /<(\/)?(?:[\w-]+\.)?(style|table-properties|table)(?=[ />])([^<>]*)>/g;

/**
 * Gathers the sheets from the canonical XML of a content.xml, whole tags at a time. A sheet is hidden by its
 * style, which SheetJS does not look at; nor does it decode the sheet's name.
 */
export class OdsTables {
  private readonly hiddenStyles = new Set<string>();
  private readonly found: { readonly name: string; readonly style: string }[] = [];
  private style = '';
  private depth = 0;

  add(text: string): void {
    for (const [, end, element, attributes = ''] of text.matchAll(TAG)) {
      if (element === 'table') this.table(end !== undefined, attributes);
      else if (end === undefined) this.styling(element === 'style', attributes);
    }
  }

  tables(): OdsTable[] {
    return this.found.map(({ name, style }) => ({ name, hidden: this.hiddenStyles.has(style) }));
  }

  private styling(isStyle: boolean, attributes: string): void {
    if (isStyle) this.style = xmlAttribute(attributes, 'name') ?? '';
    else if (xmlAttribute(attributes, 'display') === 'false') this.hiddenStyles.add(this.style);
  }

  private table(isEnd: boolean, attributes: string): void {
    const isEmpty = attributes.endsWith('/');
    if (isEnd) this.depth -= 1;
    // A table within a cell is no sheet, and SheetJS counts no sheet without rows and columns.
    if (isEnd || isEmpty) return;
    if (this.depth === 0)
      this.found.push({
        name: xmlAttribute(attributes, 'name') ?? '',
        style: xmlAttribute(attributes, 'style-name') ?? '',
      });
    this.depth += 1;
  }
}

import type { CellValue } from '@shared/domain/cell';
import { part, type Part, zip, type ZipOptions } from './zip-bytes';

/** The ways in which producers of .xlsx differ; any mixture of them is a file that Excel opens. */
export interface Variant {
  readonly strings: 'shared' | 'inline' | 'formula';
  /** Prefix of the spreadsheet's own elements; '' for none. */
  readonly prefix: string;
  readonly quote: '"' | "'";
  /** Around the equals sign of attributes and at the end of tags. */
  readonly space: '' | ' ';
  readonly text: 'plain' | 'cdata' | 'references' | 'rich' | 'phonetic';
  readonly comments: boolean;
  readonly encoding: 'utf-8' | 'utf-16le';
  /** Between rows and cells. */
  readonly between: '' | '\n' | '\r\n  ';
  readonly references: boolean;
  readonly epoch1904: boolean;
  readonly strict: boolean;
  readonly zip: ZipOptions & Pick<Part, 'descriptor' | 'zip64' | 'method'>;
}

export const USUAL: Variant = {
  strings: 'shared',
  prefix: '',
  quote: '"',
  space: '',
  text: 'plain',
  comments: false,
  encoding: 'utf-8',
  between: '',
  references: true,
  epoch1904: false,
  strict: false,
  zip: {},
};

/** A date in a sheet, as days since 1899-12-30. */
export class SerialDate {
  constructor(readonly days: number) {}
}

export type VariantCell = CellValue | SerialDate;

const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
const DAYS_1900_TO_1904 = 1_462;

/** The parts of a workbook with one sheet named S; null and blank texts leave no cell. */
export function variantParts(rows: readonly (readonly VariantCell[])[], variant: Variant): Part[] {
  const writer = new VariantWriter(variant);
  const sheet = writer.sheet(rows);
  const xml = (name: string, text: string): Part => {
    const { descriptor, zip64, method } = variant.zip;
    const bytes = variant.encoding === 'utf-8' ? Buffer.from(text) : Buffer.from(`\uFEFF${text}`, 'utf16le');
    return part(name, bytes, {
      ...(descriptor === undefined ? {} : { descriptor }),
      ...(zip64 === undefined ? {} : { zip64 }),
      ...(method === undefined ? {} : { method }),
    });
  };
  const { declaration, relationships } = writer;
  const relation = (id: string, type: string, target: string): string =>
    `<Relationship Id="${id}" Type="${relationships}/${type}" Target="${target}"/>`;
  const relations = (content: string): string =>
    `${declaration}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${content}</Relationships>`;
  return [
    xml(
      '[Content_Types].xml',
      `${declaration}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${TYPE}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${TYPE}.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="${TYPE}.styles+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="${TYPE}.sharedStrings+xml"/></Types>`,
    ),
    xml('_rels/.rels', relations(relation('rId1', 'officeDocument', 'xl/workbook.xml'))),
    xml('xl/workbook.xml', writer.workbook()),
    xml(
      'xl/_rels/workbook.xml.rels',
      relations(
        relation('rId1', 'worksheet', 'worksheets/sheet1.xml') +
          relation('rId2', 'styles', '/xl/styles.xml') +
          relation('rId3', 'sharedStrings', 'sharedStrings.xml'),
      ),
    ),
    xml('xl/styles.xml', writer.styles()),
    xml('xl/sharedStrings.xml', writer.stringTable()),
    xml('xl/worksheets/sheet1.xml', sheet),
  ];
}

export const variantXlsx = (rows: readonly (readonly VariantCell[])[], variant: Variant): Buffer =>
  zip(variantParts(rows, variant), variant.zip);

class VariantWriter {
  readonly declaration: string;
  readonly relationships: string;
  private readonly main: string;
  private readonly table: string[] = [];

  constructor(private readonly variant: Variant) {
    const { encoding, strict } = variant;
    this.declaration = `<?xml version="1.0" encoding="${encoding === 'utf-8' ? 'UTF-8' : 'UTF-16'}" standalone="yes"?>\r\n`;
    this.main = strict
      ? 'http://purl.oclc.org/ooxml/spreadsheetml/main'
      : 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
    this.relationships = strict
      ? 'http://purl.oclc.org/ooxml/officeDocument/relationships'
      : 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  }

  workbook(): string {
    const sheets = this.element(
      'sheets',
      {},
      this.element('sheet', { name: 'S', sheetId: '1', 'r:id': 'rId1' }),
    );
    const properties = this.variant.epoch1904 ? this.element('workbookPr', { date1904: '1' }) : '';
    return this.root('workbook', properties + sheets);
  }

  styles(): string {
    const formats = this.element(
      'numFmts',
      { count: '1' },
      this.element('numFmt', { numFmtId: '164', formatCode: 'yyyy-mm-dd hh:mm' }),
    );
    const styles = ['0', '164'].map((numFmtId) => this.element('xf', { numFmtId }));
    // The number format of a conditional format, which happens to have a number that is taken.
    const conditional = this.element(
      'dxf',
      {},
      this.element('numFmt', { numFmtId: '0', formatCode: 'yyyy' }),
    );
    return this.root(
      'styleSheet',
      formats +
        this.element('cellXfs', { count: '2' }, styles.join('')) +
        this.element('dxfs', {}, conditional),
    );
  }

  stringTable(): string {
    return this.root(
      'sst',
      this.table.map((text) => this.element('si', {}, this.spaced(text))).join(this.variant.between),
    );
  }

  sheet(rows: readonly (readonly VariantCell[])[]): string {
    const written = rows.map((cells, index) => this.row(cells, index)).join(this.variant.between);
    return this.root(
      'worksheet',
      this.element('sheetData', {}, written) + this.element('pageMargins', { left: '0.7' }),
    );
  }

  private row(cells: readonly VariantCell[], index: number): string {
    const written = cells.map((cell, column) => this.cell(cell, `${columnName(column)}${index + 1}`));
    if (this.variant.references && written.every((cell) => cell === '')) return '';
    const place = this.variant.references ? { r: String(index + 1), spans: '1:9' } : {};
    return this.element('row', place, written.join(this.variant.between));
  }

  private cell(cell: VariantCell, reference: string): string {
    const place = this.variant.references ? { r: reference } : {};
    if (cell === null || cell === '') return this.variant.references ? '' : this.element('c', place);
    if (typeof cell === 'number')
      return this.element('c', place, this.element('v', {}, this.noted(String(cell))));
    if (typeof cell === 'boolean')
      return this.element('c', { ...place, t: 'b' }, this.element('v', {}, cell ? '1' : '0'));
    if (cell instanceof SerialDate) {
      const days = this.variant.epoch1904 ? cell.days - DAYS_1900_TO_1904 : cell.days;
      return this.element('c', { ...place, s: '1' }, this.element('v', {}, String(days)));
    }
    return this.textCell(cell, place);
  }

  private textCell(text: string, place: Readonly<Record<string, string>>): string {
    switch (this.variant.strings) {
      case 'inline':
        return this.element('c', { ...place, t: 'inlineStr' }, this.element('is', {}, this.spaced(text)));
      case 'formula':
        return this.element(
          'c',
          { ...place, t: 'str' },
          this.element('f', {}, 'A1&amp;&quot;&lt;/c&gt;&quot;') + this.element('v', {}, this.content(text)),
        );
      case 'shared':
        this.table.push(text);
        return this.element('c', { ...place, t: 's' }, this.element('v', {}, String(this.table.length - 1)));
    }
  }

  private spaced(text: string): string {
    return this.variant.between + this.runs(text) + this.variant.between;
  }

  private runs(text: string): string {
    const whole = (piece: string): string =>
      this.element('t', { 'xml:space': 'preserve' }, this.content(piece));
    if (this.variant.text === 'phonetic')
      return (
        whole(text) +
        this.element('rPh', { sb: '0', eb: '1' }, whole('トウキョウ')) +
        this.element('phoneticPr', { fontId: '1' })
      );
    if (this.variant.text !== 'rich') return whole(text);
    const points = Array.from(text);
    const middle = Math.ceil(points.length / 2);
    const bold = this.element('rPr', {}, this.element('b', {}) + this.element('sz', { val: '11' }));
    return [points.slice(0, middle), points.slice(middle)]
      .filter((run) => run.length > 0)
      .map((run, index) => this.element('r', {}, (index === 0 ? bold : '') + whole(run.join(''))))
      .join('');
  }

  private content(text: string): string {
    // What looks like an escape of OOXML's is escaped itself; XML would turn a bare return into a line feed.
    const escaped = text.replace(/_(?=x[\da-fA-F]{4}_)/g, '_x005F_').replaceAll('\r', '_x000D_');
    if (this.variant.text === 'cdata') return `<![CDATA[${escaped.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
    if (this.variant.text === 'references')
      return Array.from(escaped, (character) => `&#${character.codePointAt(0) ?? 0};`).join('');
    return this.noted(escapeXml(escaped));
  }

  private noted(content: string): string {
    return this.variant.comments ? `<!-- <v>7</v> -->${content}<?note </c> ?>` : content;
  }

  private root(name: string, content: string): string {
    const { prefix } = this.variant;
    const own = prefix === '' ? 'xmlns' : `xmlns:${prefix}`;
    return (
      this.declaration + this.element(name, { [own]: this.main, 'xmlns:r': this.relationships }, content)
    );
  }

  private element(name: string, attributes: Readonly<Record<string, string>>, content?: string): string {
    const { prefix, quote, space } = this.variant;
    const full = prefix === '' ? name : `${prefix}:${name}`;
    const written = Object.entries(attributes)
      .map(([key, value]) => ` ${key}${space}=${space}${quote}${escapeXml(value)}${quote}`)
      .join('');
    return content === undefined
      ? `<${full}${written}${space}/>`
      : `<${full}${written}${space}>${content}</${full}${space}>`;
  }
}

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** 27 → "AB". */
export function columnName(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : columnName(Math.floor(index / 26) - 1) + letter;
}

import { part, zip } from './zip-bytes';

const ODF = 'urn:oasis:names:tc:opendocument:xmlns';

/** An .ods of one sheet, `table` being the XML in it. */
export const openDocument = (table: string): Buffer =>
  zip([
    part('mimetype', 'application/vnd.oasis.opendocument.spreadsheet', { method: 0 }),
    part('META-INF/manifest.xml', `<m:manifest xmlns:m="${ODF}:manifest:1.0"/>`),
    part('styles.xml', `<o:document-styles xmlns:o="${ODF}:office:1.0"/>`),
    part(
      'content.xml',
      `<office:document-content xmlns:office="${ODF}:office:1.0" xmlns:table="${ODF}:table:1.0" xmlns:text="${ODF}:text:1.0"><office:body><office:spreadsheet><table:table table:name="S">${table}</table:table></office:spreadsheet></office:body></office:document-content>`,
    ),
  ]);

/** A cell that says it is repeated over so many rows and columns. */
export const repeated = (rows: number, columns: number): string =>
  `<table:table-row table:number-rows-repeated="${rows}"><table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="${columns}"><text:p>1</text:p></table:table-cell></table:table-row>`;

import { part, type Part, zip, type ZipOptions } from './zip-bytes';

/**
 * One workbook as the programs people use write it: the XML below follows files of theirs, attribute by
 * attribute, so that what is odd about each stays. All of them hold the sheets People and (hidden) Secret.
 */
export interface Producer {
  readonly name: string;
  readonly content: Buffer;
  /** openpyxl has no calculator: what it writes has no results of formulas. */
  readonly withoutResults?: boolean;
  /** What SheetJS reads otherwise than it was meant. */
  readonly sheetJsFails?: 'zip64' | 'dates';
}

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const REL = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
const EXCEL = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n';
const PLAIN = '<?xml version="1.0" encoding="UTF-8"?>\n';
const SECRET_ROW = (open: string): string => `${open}<c r="A1"><v>1</v></c></row>`;

interface Written {
  readonly declaration: string;
  readonly workbook: string;
  readonly styles: string;
  readonly strings?: string;
  readonly people: string;
  readonly secret: string;
  readonly rel?: string;
  /** Names of the parts, where they are not Excel's. */
  readonly target?: (name: string) => string;
  readonly how?: Partial<Part>;
  readonly zip?: ZipOptions;
}

function write(w: Written): Buffer {
  const rel = w.rel ?? REL;
  const target = w.target ?? ((name: string): string => name);
  const relation = (id: string, type: string, name: string): string =>
    `<Relationship Id="${id}" Type="${rel}/${type}" Target="${name}"/>`;
  const override = (name: string, type: string): string =>
    `<Override PartName="/xl/${name}" ContentType="${TYPE}.${type}+xml"/>`;
  const files: readonly (readonly [string, string])[] = [
    [
      '[Content_Types].xml',
      `${w.declaration}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${override('workbook.xml', 'sheet.main')}${override('worksheets/sheet1.xml', 'worksheet')}${override('worksheets/sheet2.xml', 'worksheet')}${override('styles.xml', 'styles')}${w.strings === undefined ? '' : override('sharedStrings.xml', 'sharedStrings')}</Types>`,
    ],
    [
      '_rels/.rels',
      `${w.declaration}<Relationships xmlns="${PACKAGE}/relationships">${relation('rId1', 'officeDocument', 'xl/workbook.xml')}</Relationships>`,
    ],
    ['xl/workbook.xml', w.declaration + w.workbook],
    [
      'xl/_rels/workbook.xml.rels',
      `${w.declaration}<Relationships xmlns="${PACKAGE}/relationships">${relation('rId1', 'worksheet', target('worksheets/sheet1.xml'))}${relation('rId2', 'worksheet', target('worksheets/sheet2.xml'))}${relation('rId3', 'styles', target('styles.xml'))}${w.strings === undefined ? '' : relation('rId4', 'sharedStrings', target('sharedStrings.xml'))}</Relationships>`,
    ],
    ['xl/worksheets/sheet1.xml', w.declaration + w.people],
    ['xl/worksheets/sheet2.xml', w.declaration + w.secret],
    ['xl/styles.xml', w.declaration + w.styles],
    ...(w.strings === undefined ? [] : ([['xl/sharedStrings.xml', w.declaration + w.strings]] as const)),
  ];
  return zip(
    files.map(([name, xml]) => part(name, xml, w.how)),
    w.zip,
  );
}

const HEADER = ['Phone', 'Name', 'When', 'Active', 'Problem', 'Total', 'Note'] as const;
/** Indexes of {@link STRINGS}. */
const EXCEL_STRINGS = `<sst xmlns="${MAIN}" count="15" uniqueCount="13"><si><t>Contacts of March</t></si>${HEADER.map((name) => `<si><t>${name}</t></si>`).join('')}<si><t>+966512345678</t></si><si><t>Åsa &amp; Bo &lt;x&gt;</t></si><si><t xml:space="preserve"> spaced </t></si><si><t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh><phoneticPr fontId="1" type="noConversion"/></si><si><r><rPr><b/><sz val="11"/><color theme="1"/><rFont val="Calibri"/><family val="2"/><scheme val="minor"/></rPr><t xml:space="preserve">Bold </t></r><r><rPr><sz val="11"/><rFont val="Calibri"/></rPr><t>text_x000D_
end</t></r></si></sst>`;
const CELL_XFS =
  '<cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="22" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyAlignment="1"><alignment horizontal="center"/></xf></cellXfs>';
const EXCEL_STYLES = `<styleSheet xmlns="${MAIN}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="x14ac" xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac"><fonts count="2" x14ac:knownFonts="1"><font><sz val="11"/></font><font><b/></font></fonts><cellStyleXfs count="1"><xf numFmtId="14" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>${CELL_XFS}<dxfs count="1"><dxf><numFmt numFmtId="0" formatCode="d/m/yy"/></dxf></dxfs></styleSheet>`;

const excelWorkbook = (epoch1904: boolean): string =>
  `<workbook xmlns="${MAIN}" xmlns:r="${REL}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="x15" xmlns:x15="http://schemas.microsoft.com/office/spreadsheetml/2010/11/main"><fileVersion appName="xl" lastEdited="7" lowestEdited="7" rupBuild="22228"/><workbookPr ${epoch1904 ? 'date1904="1" ' : ''}defaultThemeVersion="166925"/><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:Choice Requires="x15"><x15ac:absPath url="C:\\Users\\a\\" xmlns:x15ac="http://schemas.microsoft.com/office/spreadsheetml/2010/11/ac"/></mc:Choice></mc:AlternateContent><bookViews><workbookView xWindow="0" yWindow="0"/></bookViews><sheets><sheet name="People" sheetId="1" r:id="rId1"/><sheet name="Secret" sheetId="2" state="hidden" r:id="rId2"/></sheets><calcPr calcId="191029"/></workbook>`;

const EXCEL_SHEET_OPEN = `<worksheet xmlns="${MAIN}" xmlns:r="${REL}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="x14ac xr" xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac" xmlns:xr="http://schemas.microsoft.com/office/spreadsheetml/2014/revision" xr:uid="{00000000-0001-0000-0000-000000000000}">`;
const header = (row: number, attributes: string, type: (index: number) => string): string =>
  `<row r="${row}"${attributes}>${HEADER.map((_name, column) => type(column)).join('')}</row>`;

function excelSheet(epoch1904: boolean): string {
  const date = epoch1904 ? 45_385 - 1_462 : 45_385;
  const more = ' spans="1:7" x14ac:dyDescent="0.25"';
  const names = header(2, more, (n) => `<c r="${'ABCDEFG'[n] ?? ''}2" t="s"><v>${n + 1}</v></c>`);
  return `${EXCEL_SHEET_OPEN}<dimension ref="A1:G6"/><sheetViews><sheetView tabSelected="1" workbookViewId="0"><selection activeCell="A1" sqref="A1"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15" x14ac:dyDescent="0.25"/><cols><col min="1" max="1" width="15" customWidth="1"/></cols><sheetData><row r="1"${more}><c r="A1" s="3" t="s"><v>0</v></c><c r="B1" s="3"/><c r="C1" s="3"/></row>${names}<row r="3"${more}><c r="A3" t="s"><v>8</v></c><c r="B3" t="s"><v>9</v></c><c r="C3" s="1"><v>${date}</v></c><c r="D3" t="b"><v>1</v></c><c r="E3" t="e"><v>#N/A</v></c><c r="F3"><f>SUM(1,41)</f><v>42</v></c><c r="G3" t="s"><v>10</v></c></row><row r="5"${more}><c r="A5"><v>966512345679</v></c><c r="B5" t="s"><v>11</v></c><c r="C5" s="2"><v>${date}.5</v></c><c r="D5" t="b"><v>0</v></c><c r="E5" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="F5" t="str"><f t="shared" ref="F5:F6" si="0">A5&amp;"&lt;/c&gt;"</f><v>a&lt;b</v></c><c r="G5" t="s"><v>12</v></c></row><row r="6"${more} hidden="1"><c r="B6" t="s"><v>9</v></c><c r="F6"><f t="shared" si="0"/><v>0.30000000000000004</v></c></row></sheetData><mergeCells count="1"><mergeCell ref="A1:C1"/></mergeCells><phoneticPr fontId="1"/><pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/><rowBreaks count="1" manualBreakCount="1"><brk id="4" max="16383" man="1"/></rowBreaks></worksheet>`;
}

const EXCEL_SECRET = `${EXCEL_SHEET_OPEN}<dimension ref="A1"/><sheetData>${SECRET_ROW('<row r="1" x14ac:dyDescent="0.25">')}</sheetData></worksheet>`;

const excel = (epoch1904: boolean): Written => ({
  declaration: EXCEL,
  workbook: excelWorkbook(epoch1904),
  styles: EXCEL_STYLES,
  strings: EXCEL_STRINGS,
  people: excelSheet(epoch1904),
  secret: EXCEL_SECRET,
});

/** LibreOffice says everything: every default, `xml:space` on every text, number formats of its own. */
function libreOffice(): Written {
  const more =
    ' customFormat="false" ht="12.8" hidden="false" customHeight="false" outlineLevel="0" collapsed="false"';
  const names = header(2, more, (n) => `<c r="${'ABCDEFG'[n] ?? ''}2" s="0" t="s"><v>${n + 1}</v></c>`);
  const text = (value: string): string => `<si><t xml:space="preserve">${value}</t></si>`;
  return {
    declaration: '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n',
    workbook: `<workbook xmlns="${MAIN}" xmlns:r="${REL}"><fileVersion appName="Calc"/><workbookPr backupFile="false" showObjects="all" date1904="false"/><workbookProtection/><bookViews><workbookView showHorizontalScroll="true" firstSheet="0" activeTab="0"/></bookViews><sheets><sheet name="People" sheetId="1" state="visible" r:id="rId1"/><sheet name="Secret" sheetId="2" state="hidden" r:id="rId2"/></sheets><calcPr iterateCount="100" refMode="A1" iterate="false" iterateDelta="0.001"/><extLst><ext xmlns:loext="http://schemas.libreoffice.org/" uri="{7626C862-2A13-11E5-B345-FEFF819CDC9F}"><loext:extCalcPr stringRefSyntax="CalcA1ExcelA1"/></ext></extLst></workbook>`,
    styles: `<styleSheet xmlns="${MAIN}"><numFmts count="4"><numFmt numFmtId="164" formatCode="General"/><numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd"/><numFmt numFmtId="166" formatCode="dd/mm/yy\\ hh:mm"/><numFmt numFmtId="167" formatCode="&quot;TRUE&quot;;&quot;TRUE&quot;;&quot;FALSE&quot;"/></numFmts><cellStyleXfs count="1"><xf numFmtId="164" fontId="0"/></cellStyleXfs><cellXfs count="4"><xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyFont="false"><alignment horizontal="general" vertical="bottom"/><protection locked="true" hidden="false"/></xf><xf numFmtId="165" xfId="0"/><xf numFmtId="166" xfId="0"/><xf numFmtId="167" xfId="0"/></cellXfs></styleSheet>`,
    strings: `<sst xmlns="${MAIN}" count="14" uniqueCount="13">${['Contacts of March', ...HEADER, '+966512345678', 'Åsa &amp; Bo &lt;x&gt;', ' spaced ', '東京'].map(text).join('')}<si><r><rPr><b val="true"/><sz val="10"/><rFont val="Arial"/><family val="2"/></rPr><t xml:space="preserve">Bold </t></r><r><rPr><sz val="10"/></rPr><t xml:space="preserve">text_x000D_\nend</t></r></si></sst>`,
    people: `<worksheet xmlns="${MAIN}" xmlns:r="${REL}" xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"><sheetPr filterMode="false"><pageSetUpPr fitToPage="false"/></sheetPr><dimension ref="A1:G6"/><sheetFormatPr defaultColWidth="11.5" defaultRowHeight="12.8" zeroHeight="false" outlineLevelRow="0"/><sheetData><row r="1"${more}><c r="A1" s="0" t="s"><v>0</v></c><c r="B1" s="0"></c><c r="C1" s="0"></c></row>${names}<row r="3"${more}><c r="A3" s="0" t="s"><v>8</v></c><c r="B3" s="0" t="s"><v>9</v></c><c r="C3" s="1" t="n"><v>45385</v></c><c r="D3" s="3" t="b"><v>1</v></c><c r="E3" s="0" t="e"><v>#N/A</v></c><c r="F3" s="0" t="n"><f aca="false">SUM(1,41)</f><v>42</v></c><c r="G3" s="0" t="s"><v>10</v></c></row><row r="5"${more}><c r="A5" s="0" t="n"><v>966512345679</v></c><c r="B5" s="0" t="s"><v>11</v></c><c r="C5" s="2" t="n"><v>45385.5</v></c><c r="D5" s="3" t="b"><v>0</v></c><c r="E5" s="0" t="e"><f aca="false">1/0</f><v>#DIV/0!</v></c><c r="F5" s="0" t="str"><f aca="false">"a&lt;b"</f><v>a&lt;b</v></c><c r="G5" s="0" t="s"><v>12</v></c></row><row r="6"${more.replace('hidden="false"', 'hidden="true"')}><c r="B6" s="0" t="s"><v>9</v></c><c r="F6" s="0" t="n"><f aca="false">0.1+0.2</f><v>0.3</v></c></row></sheetData><mergeCells count="1"><mergeCell ref="A1:C1"/></mergeCells><printOptions headings="false"/></worksheet>`,
    secret: `<worksheet xmlns="${MAIN}"><sheetPr filterMode="false"/><dimension ref="A1"/><sheetData>${SECRET_ROW('<row r="1">')}</sheetData></worksheet>`,
    how: { descriptor: 'signed', flags: 0x0800 },
  };
}

/** Google writes no dimension, numbers with a fraction, blank cells with styles, and streams its archive. */
function google(): Written {
  const open = `<worksheet xmlns="${MAIN}" xmlns:r="${REL}" xmlns:mx="http://schemas.microsoft.com/office/mac/excel/2008/main" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:mv="urn:schemas-microsoft-com:mac:vml" xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" xmlns:x15="http://schemas.microsoft.com/office/spreadsheetml/2010/11/main" xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac" xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"><sheetPr><outlinePr summaryBelow="0" summaryRight="0"/></sheetPr><sheetViews><sheetView workbookViewId="0"/></sheetViews><sheetFormatPr customHeight="1" defaultColWidth="12.63" defaultRowHeight="15.75"/>`;
  const names = header(2, '', (n) => `<c r="${'ABCDEFG'[n] ?? ''}2" s="0" t="s"><v>${n + 1}</v></c>`);
  return {
    declaration: '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n',
    workbook: `<workbook xmlns="${MAIN}" xmlns:mx="http://schemas.microsoft.com/office/mac/excel/2008/main" xmlns:r="${REL}"><workbookPr/><sheets><sheet state="visible" name="People" sheetId="1" r:id="rId1"/><sheet state="hidden" name="Secret" sheetId="2" r:id="rId2"/></sheets><definedNames/><calcPr/></workbook>`,
    styles: `<styleSheet xmlns="${MAIN}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy-mm-dd"/><numFmt numFmtId="165" formatCode="m/d/yyyy h:mm:ss"/></numFmts><cellStyleXfs count="1"><xf borderId="0" fillId="0" fontId="0" numFmtId="0"/></cellStyleXfs><cellXfs count="3"><xf borderId="0" fillId="0" fontId="0" numFmtId="0" xfId="0" applyAlignment="1" applyFont="1"><alignment readingOrder="0" shrinkToFit="0" vertical="bottom" wrapText="0"/></xf><xf borderId="0" fillId="0" fontId="1" numFmtId="164" xfId="0" applyNumberFormat="1"/><xf borderId="0" fillId="0" fontId="1" numFmtId="165" xfId="0" applyNumberFormat="1"/></cellXfs><cellStyles count="1"><cellStyle xfId="0" name="Normal" builtinId="0"/></cellStyles><dxfs count="0"/></styleSheet>`,
    strings: EXCEL_STRINGS.replace(/<rPh.*?<\/rPh><phoneticPr[^>]*>/, ''),
    people: `${open}<sheetData><row r="1"><c r="A1" s="0" t="s"><v>0</v></c></row>${names}<row r="3"><c r="A3" s="0" t="s"><v>8</v></c><c r="B3" s="0" t="s"><v>9</v></c><c r="C3" s="1"><v>45385.0</v></c><c r="D3" s="0" t="b"><v>1</v></c><c r="E3" s="0" t="e"><v>#N/A</v></c><c r="F3" s="0"><f>SUM(1,41)</f><v>42.0</v></c><c r="G3" s="0" t="s"><v>10</v></c></row><row r="5"><c r="A5" s="0"><v>9.66512345679E11</v></c><c r="B5" s="0" t="s"><v>11</v></c><c r="C5" s="2"><v>45385.5</v></c><c r="D5" s="0" t="b"><v>0</v></c><c r="E5" s="0" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="F5" s="0" t="str"><f>"a&lt;b"</f><v>a&lt;b</v></c><c r="G5" s="0" t="s"><v>12</v></c></row><row r="6" hidden="1"><c r="B6" s="0" t="s"><v>9</v></c><c r="F6" s="0"><v>0.3</v></c></row></sheetData><mergeCells count="1"><mergeCell ref="A1:C1"/></mergeCells><drawing r:id="rId1"/></worksheet>`,
    secret: `${open}<sheetData>${SECRET_ROW('<row r="1">')}</sheetData><drawing r:id="rId1"/></worksheet>`,
    how: { descriptor: 'signed' },
  };
}

/** openpyxl: inline strings since 3.1, no results of formulas, paths from the root, `<v />` with a space. */
function openpyxl(): Written {
  const text = (place: string, value: string): string =>
    `<c r="${place}" t="inlineStr"><is>${value.startsWith('<') ? value : `<t${value === value.trim() ? '' : ' xml:space="preserve"'}>${value}</t>`}</is></c>`;
  const names = header(2, '', (n) => text(`${'ABCDEFG'[n] ?? ''}2`, HEADER[n] ?? ''));
  const open = `<worksheet xmlns="${MAIN}"><sheetPr><outlinePr summaryBelow="1" summaryRight="1" /><pageSetUpPr /></sheetPr>`;
  return {
    declaration: '',
    workbook: `<workbook xmlns="${MAIN}"><workbookPr /><workbookProtection /><bookViews><workbookView visibility="visible" minimized="0" firstSheet="0" activeTab="0" /></bookViews><sheets><sheet xmlns:ns0="${REL}" name="People" sheetId="1" state="visible" ns0:id="rId1" /><sheet xmlns:ns0="${REL}" name="Secret" sheetId="2" state="hidden" ns0:id="rId2" /></sheets><definedNames /><calcPr calcId="124519" fullCalcOnLoad="1" /></workbook>`,
    styles: `<styleSheet xmlns="${MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy-mm-dd h:mm:ss" /></numFmts><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" /></cellStyleXfs><cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" applyAlignment="1" pivotButton="0" quotePrefix="0" xfId="0"><alignment /></xf><xf numFmtId="14" pivotButton="0" quotePrefix="0" xfId="0" /><xf numFmtId="164" pivotButton="0" quotePrefix="0" xfId="0" /></cellXfs></styleSheet>`,
    people: `${open}<dimension ref="A1:G6" /><sheetViews><sheetView workbookViewId="0"><selection activeCell="A1" sqref="A1" /></sheetView></sheetViews><sheetFormatPr baseColWidth="8" defaultRowHeight="15" /><sheetData><row r="1">${text('A1', 'Contacts of March')}<c r="B1" /><c r="C1" /></row>${names}<row r="3">${text('A3', '+966512345678')}${text('B3', 'Åsa &amp; Bo &lt;x&gt;')}<c r="C3" s="1" t="n"><v>45385</v></c><c r="D3" t="b"><v>1</v></c><c r="E3" t="e"><v>#N/A</v></c><c r="F3"><f>SUM(1,41)</f><v /></c>${text('G3', ' spaced ')}</row><row r="5"><c r="A5" t="n"><v>966512345679</v></c>${text('B5', '東京')}<c r="C5" s="2" t="n"><v>45385.5</v></c><c r="D5" t="b"><v>0</v></c><c r="E5" t="e"><v>#DIV/0!</v></c><c r="F5"><f>"a&lt;b"</f><v /></c>${text('G5', '<r><rPr><b val="1" /></rPr><t xml:space="preserve">Bold </t></r><r><t>text_x000D_\nend</t></r>')}</row><row r="6" hidden="1">${text('B6', 'Åsa &amp; Bo &lt;x&gt;')}<c r="F6" t="n"><v>0.3</v></c></row></sheetData><mergeCells count="1"><mergeCell ref="A1:C1" /></mergeCells><pageMargins left="0.75" right="0.75" top="1" bottom="1" header="0.5" footer="0.5" /></worksheet>`,
    secret: `${open}<sheetData>${SECRET_ROW('<row r="1">')}</sheetData></worksheet>`,
    target: (name) => `/xl/${name}`,
  };
}

/** Puts `x:` before the spreadsheet's own elements, as .NET's Open XML SDK does. */
function prefixed(w: Written): Written {
  const prefix = (xml: string): string =>
    xml.replace(/<(\/?)([a-zA-Z]\w*)(?=[\s/>])/g, '<$1x:$2').replace(`xmlns="${MAIN}"`, `xmlns:x="${MAIN}"`);
  return {
    ...w,
    declaration: '<?xml version="1.0" encoding="utf-8"?>',
    workbook: prefix(w.workbook),
    styles: prefix(w.styles),
    people: prefix(w.people),
    secret: prefix(w.secret),
    ...(w.strings === undefined ? {} : { strings: prefix(w.strings) }),
  };
}

/** "Strict Open XML Spreadsheet": other namespaces, and dates as ISO text. */
function strict(): Written {
  const w = excel(false);
  const other = (xml: string): string =>
    xml
      .replaceAll(MAIN, 'http://purl.oclc.org/ooxml/spreadsheetml/main')
      .replaceAll(REL, 'http://purl.oclc.org/ooxml/officeDocument/relationships');
  return {
    ...w,
    workbook: other(w.workbook).replace('<workbook ', '<workbook conformance="strict" '),
    styles: other(w.styles),
    strings: other(w.strings ?? ''),
    people: other(w.people)
      .replace('<c r="C3" s="1"><v>45385</v>', '<c r="C3" s="1" t="d"><v>2024-04-03</v>')
      .replace('<c r="C5" s="2"><v>45385.5</v>', '<c r="C5" s="2" t="d"><v>2024-04-03T12:00:00</v>'),
    secret: other(w.secret),
    rel: 'http://purl.oclc.org/ooxml/officeDocument/relationships',
  };
}

export const producers = (): Producer[] => [
  { name: 'Excel', content: write(excel(false)) },
  { name: 'Excel for Mac, 1904', content: write(excel(true)) },
  { name: 'Excel, strict', content: write(strict()), sheetJsFails: 'dates' },
  { name: 'LibreOffice', content: write(libreOffice()) },
  { name: 'Google Sheets', content: write(google()) },
  { name: 'openpyxl', content: write(openpyxl()), withoutResults: true },
  { name: 'Open XML SDK', content: write(prefixed({ ...excel(false), declaration: PLAIN })) },
  {
    name: 'a streaming Java writer',
    content: write({ ...excel(false), declaration: PLAIN, how: { descriptor: 'bare' } }),
  },
  {
    name: 'a writer with ZIP64',
    content: write({ ...excel(false), how: { zip64: true }, zip: { zip64: true, comment: 'large' } }),
    sheetJsFails: 'zip64',
  },
];

/** Splits text character by character, the slow and obvious way; undefined where a quotation mark is never closed. */
export function referenceCsv(text: string, delimiter: string): string[][] | undefined {
  const rows: string[][] = [];
  const isEnd = (at: number): boolean => at >= text.length || text[at] === '\n' || text[at] === '\r';
  for (let at = 0; at < text.length;) {
    const cells: string[] = [];
    for (;;) {
      let cell = '';
      if (text[at] === '"') {
        at += 1;
        while (text[at] !== '"' || text[at + 1] === '"') {
          if (at >= text.length) return undefined;
          if (text[at] === '"') at += 1;
          cell += text[at] ?? '';
          at += 1;
        }
        at += 1;
      }
      while (!isEnd(at) && text[at] !== delimiter) {
        cell += text[at] ?? '';
        at += 1;
      }
      cells.push(cell);
      if (text[at] !== delimiter) break;
      at += 1;
    }
    at += text.startsWith('\r\n', at) ? 2 : 1;
    rows.push(cells);
  }
  return rows;
}

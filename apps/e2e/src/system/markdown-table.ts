import { readFileSync, writeFileSync } from 'node:fs';

const widthOf = (text: string) => [...text].length;

/** Rows as a table in Markdown, its columns aligned. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const table = [header, ...rows];
  const widths = header.map((_, column) => Math.max(3, ...table.map((line) => widthOf(line[column]!))));
  const lines = table.map(
    (line) => `| ${line.map((cell, column) => cell + ' '.repeat(widths[column]! - widthOf(cell))).join(' | ')} |`,
  );
  lines.splice(1, 0, `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`);
  return `${lines.join('\n')}\n`;
}

const [START, END] = ['<!-- rows -->\n\n', '\n<!-- end of rows -->'];

/** The table that a page holds between its marks. With `UPDATE_DOCS` set the page is given this one first. */
export function tableIn(page: string, current: string): string {
  const text = readFileSync(page, 'utf8');
  const [before, rest] = text.split(START) as [string, string];
  const [written, after] = rest.split(END) as [string, string];
  if (!process.env.UPDATE_DOCS) return written;
  writeFileSync(page, [before, START, current, END, after].join(''));
  return current;
}

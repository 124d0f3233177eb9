import { type Row } from './row';
import { requirements } from './catalogue';

const WIDTH = 72;

/** Words in lines that are not too long. */
function wrap(words: readonly string[]): string[] {
  const lines = [''];
  for (const word of words) {
    const longer = [lines.at(-1), word].filter(Boolean).join('; ');
    if (longer.length <= WIDTH || lines.at(-1) === '') lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/** What came of the probes of each row. */
export class Results {
  private readonly held = new Map<string, number>();
  private readonly tried = new Map<string, number>();

  /** Runs a probe of a row, and notes whether what is required was so. */
  async note(row: Row, probing: () => Promise<void>): Promise<void> {
    this.tried.set(row.id, (this.tried.get(row.id) ?? 0) + 1);
    await probing();
    this.held.set(row.id, (this.held.get(row.id) ?? 0) + 1);
  }

  private resultOf({ id, probes, isNotOffered }: Row): string {
    const [tried, held] = [this.tried.get(id) ?? 0, this.held.get(id) ?? 0];
    if (tried === 0) return 'not tried';
    if (held < tried) return `FAILED: ${tried - held} of ${tried}`;
    if (tried < probes.length) return `ok (${tried} of ${probes.length} tried)`;
    return isNotOffered ? 'not offered yet' : 'ok';
  }

  /** One readable table: row, what, how many probes, what is required, what came of it. */
  table(rows: readonly Row[]): string {
    const lines = rows.flatMap((row) => {
      const required = wrap(requirements(row));
      const first = [row.id, row.what, String(row.probes.length), required[0]!, this.resultOf(row)];
      return [first, ...required.slice(1).map((more) => ['', '', '', more, ''])];
    });
    const table = [['row', 'what', 'probes', 'required', 'result'], ...lines];
    const widths = table[0]!.map((_, column) => Math.max(...table.map((line) => line[column]!.length)));
    const text = table.map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    );
    text.splice(1, 0, widths.map((width) => '─'.repeat(width)).join('  '));
    return text.join('\n');
  }
}

import { markdownTable } from '../system/markdown-table';
import { notOffered } from './absent.rows';
import { bodies } from './bodies.rows';
import { connections } from './connections.rows';
import { dates } from './dates.rows';
import { downloads } from './downloads.rows';
import { fields } from './fields.rows';
import { files } from './files.rows';
import { floods } from './flood.rows';
import { headers } from './headers.rows';
import { idempotency } from './idempotency.rows';
import { operators } from './operators.rows';
import { queries } from './queries.rows';
import { type Row, requirementOf } from './row';
import { sessions } from './sessions.rows';
import { text } from './text.rows';
import { tokens } from './tokens.rows';
import { traces } from './traces.rows';
import { wire } from './wire.rows';

const subjects = [
  ...[bodies, text, fields, dates, headers, traces, tokens, sessions, idempotency],
  ...[floods, connections, downloads, files, wire, queries, operators, notOffered],
];

/** The catalogue of bad input: everything that is tried, and what the product has to answer. */
export const catalogue: readonly Row[] = subjects.flat().sort((one, other) => (one.id < other.id ? -1 : 1));

/** All that a row requires, each once. */
export const requirements = ({ probes }: Row): string[] => [...new Set(probes.map(requirementOf))];

/** The rows as a table in Markdown. */
export function asMarkdown(rows: readonly Row[]): string {
  const cells = rows.map((row) => [
    row.id,
    row.what,
    String(row.probes.length),
    row.isNotOffered
      ? 'not offered yet'
      : requirements(row)
          .map((one) => one.replaceAll('|', '\\|'))
          .join('; '),
  ]);
  return markdownTable(['row', 'what', 'probes', 'required answer'], cells);
}

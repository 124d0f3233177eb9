import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { WrongArguments } from './import-stopped';

export const usage = `Records each booking of a file: its check-in, its check-out and its revenue on the day of arrival, or that it was cancelled.

  npm run import -- --file <csv> --property <id> --email <e> --password <p> [options]
  npm run import -- --file <csv> --dry-run

  --file <csv>      the bookings file (docs/guides/import-bookings.md describes its columns)
  --property <id>   the property that the stays belong to
  --api <url>       where the API listens (default http://localhost:4000)
  --email, --password   the sign-in of a user who may record revenues and stays of the property
  --approve         also approve what is pending, which needs an owner or a manager
  --dry-run         only say what would be recorded; needs no sign-in and calls nothing
  --limit <n>       stop after n stays that bring revenue
  --source <name>   keeps equal rows of separate lists apart (read the guide before using it)

Running it again at any time records only what is missing.`;

/** How a run reaches the API and what it does there. */
export interface Destination {
  readonly api: string;
  readonly property: string;
  readonly email: string;
  readonly password: string;
  readonly approve: boolean;
}

export interface ImportArguments {
  readonly file: string;
  readonly limit: number;
  readonly source: string;
  /** Absent in a dry run. */
  readonly destination?: Destination;
}

/** Reads the command line; undefined when it asks for help. */
export function readArguments(argv: readonly string[]): ImportArguments | undefined {
  const values = parse(argv);
  if (values.help) return undefined;
  if (!values.file) throw new WrongArguments('--file is missing');
  // npm runs scripts in the package's folder and tells in INIT_CWD where its user stands.
  const file = resolve(process.env['INIT_CWD'] ?? process.cwd(), values.file);
  const limit = values.limit === undefined ? Infinity : Number(values.limit);
  if (!(limit >= 1) || (limit !== Infinity && !Number.isSafeInteger(limit))) {
    throw new WrongArguments('--limit must be a whole number from 1');
  }
  const common = { file, limit, source: values.source ?? '' };
  if (values['dry-run']) return common;
  const { property, email, password, approve = false } = values;
  if (!property || !email || !password) {
    throw new WrongArguments('--property, --email and --password are needed unless --dry-run is given');
  }
  return { ...common, destination: { api: baseUrl(values.api), property, email, password, approve } };
}

function parse(argv: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    return parseArgs({
      args: [...argv],
      options: {
        file: text,
        property: text,
        api: text,
        email: text,
        password: text,
        limit: text,
        source: text,
        approve: flag,
        'dry-run': flag,
        help: flag,
      },
    }).values;
  } catch (error) {
    throw new WrongArguments((error as Error).message);
  }
}

function baseUrl(api = 'http://localhost:4000'): string {
  if (!URL.canParse(api) || !/^https?:$/.test(new URL(api).protocol)) {
    throw new WrongArguments(`--api ${api} is not an http or https address`);
  }
  return api.replace(/\/+$/, '');
}

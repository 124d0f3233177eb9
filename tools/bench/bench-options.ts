import { parseArgs } from 'node:util';
import { TRANSACTIONS } from '../seed/size/size';
import type { Scale } from './log/experiment';
import { experimentNames, scenarioNames, suiteNames } from './scenario-names';

export interface BenchOptions {
  /** Length of one round, in seconds. */
  readonly seconds: number;
  /** How often each subject is measured; the medians are printed. */
  readonly rounds: number;
  /** What to measure; everything if nothing is named. */
  readonly only: readonly string[];
  readonly scale: Scale;
  /** For `lists`. */
  readonly organizations: number;
  readonly transactions: number;
  readonly isJson: boolean;
  /** Fail when a target is missed. */
  readonly isStrict: boolean;
}

const names: readonly string[] = [...experimentNames, ...scenarioNames, ...suiteNames];
const scales: readonly string[] = ['small', 'full'] satisfies Scale[];

export const usage = `npm run bench -- [<name>]... [--seconds 2] [--rounds 5] [--scale small] [--json] [--strict]
  <name>      one of ${names.join(', ')}; also as --only <name>
  --seconds   length of one round
  --rounds    rounds for each server; the median of the rounds is printed
  --scale     small, or full: the history that the row \`scale\` is measured on
  --organizations, --transactions
              what \`lists\` is measured among; ${TRANSACTIONS} transactions for each organization if nothing is said
  --json      the figures as JSON on the last line
  --strict    exit with 1 when a target is missed`;

function positive(name: string, text: string, most = 600): number {
  const value = Number(text);
  if (!(value > 0 && value <= most)) throw new Error(`--${name} ${text} is not a number from 1 to ${most}.\n${usage}`);
  return value;
}

/** Reads the command line; says what is wrong with it. */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      seconds: { type: 'string', default: '2' },
      rounds: { type: 'string', default: '5' },
      only: { type: 'string', multiple: true, default: [] },
      scale: { type: 'string', default: 'small' },
      organizations: { type: 'string', default: '1000' },
      transactions: { type: 'string' },
      json: { type: 'boolean', default: false },
      strict: { type: 'boolean', default: false },
    },
  });
  const only = [...positionals, ...values.only];
  const unknown = only.find((name) => !names.includes(name));
  if (unknown) throw new Error(`There is nothing to measure by the name ${unknown}.\n${usage}`);
  if (!scales.includes(values.scale)) throw new Error(`--scale ${values.scale} is neither small nor full.\n${usage}`);
  const organizations = Math.ceil(positive('organizations', values.organizations, 10_000_000));
  const transactions = values.transactions ?? String(organizations * TRANSACTIONS);
  return {
    organizations,
    transactions: Math.ceil(positive('transactions', transactions, 1_000_000_000)),
    seconds: positive('seconds', values.seconds),
    rounds: Math.ceil(positive('rounds', values.rounds)),
    only,
    scale: values.scale as Scale,
    isJson: values.json,
    isStrict: values.strict,
  };
}

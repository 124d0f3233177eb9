import { parseArgs } from 'node:util';

export interface ProveOptions {
  readonly name: string;
  readonly isSmall: boolean;
  readonly isLockBroken: boolean;
  readonly only?: string;
  readonly seed: number;
}

const usageOf = (
  names: readonly string[],
) => `npm run prove -- <name> [--small] [--seed <number>] [--only <words>] [--break-lock]
  <name>        ${names.join(', ')}
  --small       some seconds instead of some minutes: the size that runs in npm test
  --seed        makes the same random choices again; what runs at the same time still meets as it likes
  --only        purge only: the troubles whose names have these words, each at its full length
  --break-lock  order only: positions without the lock that keeps them in order, to see the proof fail`;

/** Reads the command line; says what is wrong with it. */
export function readOptions(args: readonly string[], names: readonly string[]): ProveOptions {
  const usage = usageOf(names);
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      small: { type: 'boolean', default: false },
      seed: { type: 'string' },
      only: { type: 'string' },
      'break-lock': { type: 'boolean', default: false },
    },
  });
  const [name] = positionals;
  if (!name || positionals.length > 1 || !names.includes(name)) throw new Error(usage);
  if (values['break-lock'] && name !== 'order') throw new Error(`--break-lock belongs to order.\n${usage}`);
  if (values.only && name !== 'purge') throw new Error(`--only belongs to purge.\n${usage}`);
  const seed = Number(values.seed ?? Date.now() % 2 ** 31);
  if (!Number.isSafeInteger(seed) || seed < 0)
    throw new Error(`--seed ${values.seed} is not a whole number.\n${usage}`);
  return { name, isSmall: values.small, isLockBroken: values['break-lock'], only: values.only, seed };
}

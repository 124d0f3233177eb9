import type { AppProcess } from '@innkeep/testing';

/** What hangs on the prototypes that every object, list, function and text has. */
export type Prototypes = Readonly<Record<string, readonly string[]>>;

/** Runs inside each app before anything else: tells at its end, in one line of its own, the prototypes as they were and as they are. */
const program = `
import { writeSync } from 'node:fs';
const look = () => Object.fromEntries(
  [Object, Array, Function, String].map(({ name, prototype }) => [name, Reflect.ownKeys(prototype).map(String).sort()]));
const before = look();
process.once('exit', () => writeSync(1, JSON.stringify({ prototypes: { before, after: look() } }) + '\\n'));`;

/** Settings that make an app tell of its prototypes when it stops. */
export const reportPrototypes = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(program)}` };

/** What an app that has stopped told of its prototypes. */
export function toldPrototypes({ lines }: AppProcess): { before: Prototypes; after: Prototypes } {
  const line = lines.findLast((one) => one.startsWith('{"prototypes":'));
  if (!line) throw new Error('the app did not tell of its prototypes');
  return (JSON.parse(line) as { prototypes: { before: Prototypes; after: Prototypes } }).prototypes;
}

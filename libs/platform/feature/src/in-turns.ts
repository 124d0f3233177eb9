import { setImmediate as othersTurn } from 'node:timers/promises';

/** After so many items whoever else waits has a turn: no request may hold up the others for more than 50 ms. */
const AT_ONCE = 100;

/** Works through many items in their order, as `map` does, with pauses in which other requests go on. Ends with the first error. */
export async function mapInTurns<Item, Result>(
  items: readonly Item[],
  work: (item: Item, index: number) => Result,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const [index, item] of items.entries()) {
    if (index > 0 && index % AT_ONCE === 0) await othersTurn();
    results.push(work(item, index));
  }
  return results;
}

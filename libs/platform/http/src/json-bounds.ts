import { DomainError } from '@innkeep/contracts';
import { httpProblems } from './http.problems';

/** How many levels a body may nest, how many keys and items it may hold in all, and how long a key may be. */
export const JSON_BOUNDS = { depth: 32, keys: 20_000, items: 20_000, keyLength: 256 };

const QUOTE = 34;
const COMMA = 44;
const BACKSLASH = 92;
const isOpening = (code: number) => code === 123 || code === 91;
const isClosing = (code: number) => code === 125 || code === 93;

/** Where the string that begins before `from` ends: the index of its closing quote, or the end of a text that never closes it. */
function endOfString(text: string, from: number): number {
  for (let end = text.indexOf('"', from); end !== -1; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return end;
  }
  return text.length;
}

const tooMany = (what: string) => new DomainError(httpProblems['too-many-keys'], `${what}; send less in one request.`);

/** A key as it is meant: escapes may hide that it is the same as another. What is no string at all the parser refuses later. */
function meaning(raw: string): string {
  if (!raw.includes('\\')) return raw;
  try {
    return JSON.parse(`"${raw}"`) as string;
  } catch {
    return raw;
  }
}

/** The keys of the objects that are open at one place, and how much the whole text holds. */
class Counts {
  private readonly open: (Set<string> | undefined)[] = [];
  private keys = 0;
  private items = 0;

  /** The object whose key may come next, if an object is what is open. */
  get object(): Set<string> | undefined {
    return this.open[this.open.length - 1];
  }

  enter(isObject: boolean): void {
    if (this.open.push(isObject ? new Set() : undefined) > JSON_BOUNDS.depth)
      throw new DomainError(httpProblems['json-too-deep'], `Nest at most ${JSON_BOUNDS.depth} levels.`);
  }

  leave(): void {
    this.open.pop();
  }

  key(object: Set<string>, raw: string): void {
    if (raw.length > JSON_BOUNDS.keyLength) throw tooMany(`A key is longer than ${JSON_BOUNDS.keyLength} characters`);
    if (++this.keys > JSON_BOUNDS.keys) throw tooMany(`The body has more than ${JSON_BOUNDS.keys} keys`);
    const key = meaning(raw);
    if (object.has(key))
      throw new DomainError(httpProblems['duplicate-key'], 'Say each thing once.', {
        errors: [{ pointer: `/${key}`.slice(0, 100), detail: 'is given twice in one object' }],
      });
    object.add(key);
  }

  item(): void {
    if (++this.items > JSON_BOUNDS.items) throw tooMany(`The body has more than ${JSON_BOUNDS.items} list items`);
  }
}

/**
 * Counts levels, keys and items on the raw text before anything is built from it: a parser would have spent the time and the memory
 * already. Also finds keys that an object has twice, of which a parser keeps the last and whoever stands before us perhaps the first
 * (RFC 8259, 4). Whether the text is JSON at all is left to the parser.
 */
export function checkJsonBounds(text: string): void {
  const counts = new Counts();
  let mayBeKey = false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) {
      const end = endOfString(text, index + 1);
      if (mayBeKey && counts.object) counts.key(counts.object, text.slice(index + 1, end));
      mayBeKey = false;
      index = end;
    } else if (isOpening(code)) {
      counts.enter(code === 123);
      mayBeKey = true;
    } else if (isClosing(code)) {
      counts.leave();
    } else if (code === COMMA) {
      if (!counts.object) counts.item();
      mayBeKey = true;
    }
  }
}

/** What answers are compressed with: Brotli (RFC 7932) or gzip (RFC 1952). */
export type Encoding = 'br' | 'gzip';

/** Clients send few different headers; those that send others are parsed each time. */
const MAX_REMEMBERED = 200;
const remembered = new Map<string, Encoding | undefined>();

/** The encoding that somebody with this Accept-Encoding likes best, Brotli before gzip; undefined: none (RFC 9110, 12.5.3). */
export function encodingFor(accepted: string): Encoding | undefined {
  if (remembered.has(accepted)) return remembered.get(accepted);
  const encoding = preferred(accepted);
  if (remembered.size < MAX_REMEMBERED) remembered.set(accepted, encoding);
  return encoding;
}

function preferred(accepted: string): Encoding | undefined {
  const weights = new Map(accepted.split(',').map(weightOf));
  const weight = (...names: string[]): number => {
    const known = names.find((name) => weights.has(name));
    return known === undefined ? (weights.get('*') ?? 0) : weights.get(known)!;
  };
  const [brotli, gzip] = [weight('br'), weight('gzip', 'x-gzip')];
  const best = Math.max(brotli, gzip);
  if (best === 0 || (weights.get('identity') ?? 0) > best) return undefined;
  return brotli === best ? 'br' : 'gzip';
}

/** One part of the header with its weight; one that cannot be read weighs nothing. */
function weightOf(part: string): [name: string, weight: number] {
  const [name = '', ...parameters] = part.split(';').map((piece) => piece.trim().toLowerCase());
  const given = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
  if (given === undefined) return [name, 1];
  return [name, /^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(given) ? Number(given) : 0];
}

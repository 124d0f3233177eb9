import { type Tag, cacheFamilies, tags } from '@innkeep/contracts';
import { EdgeHeaders } from './edge-headers';

const family = { name: 'pages', browserSeconds: 0, edgeSeconds: 900, staleSeconds: 3 };
const answer = {
  family,
  tags: [tags.property(7), tags.organization(1)],
  isPurgePending: false,
  isLate: false,
  secondsLeft: 600,
};

describe('the cache headers of an answer', () => {
  const edge = new EdgeHeaders(true);

  it('let browsers revalidate and the edge keep it, with the tags it is purged by', () => {
    expect(edge.headers(answer)).toEqual({
      'cache-control': 'private, no-cache',
      'cdn-cache-control': 'max-age=600, stale-while-revalidate=3',
      'surrogate-key': 'property:7 org:1',
    });
  });

  it('give browsers the lifetime that the family has for them', () => {
    expect(edge.headers({ ...answer, family: { ...family, browserSeconds: 30 } })['cache-control']).toBe(
      'private, max-age=30',
    );
  });

  it.each([
    ['the family’s lifetime', {}, 10_000, 'max-age=900, stale-while-revalidate=3'],
    ['what is left of the caller’s token', {}, 59.9, 'max-age=59, stale-while-revalidate=3'],
    [
      'two seconds while a purge is on its way, never stale',
      { isPurgePending: true },
      600,
      'max-age=2, stale-while-revalidate=0',
    ],
    ['what is left of the token even then', { isPurgePending: true }, 1.5, 'max-age=1, stale-while-revalidate=0'],
  ])('give the edge no more than %s', (_what, changes, secondsLeft, expected) => {
    expect(edge.headers({ ...answer, ...changes, secondsLeft })['cdn-cache-control']).toBe(expected);
  });

  it.each([
    ['came too late for a purge to find it', { isLate: true }],
    ['belongs to a token that is about to end', { secondsLeft: 0.9 }],
    ['belongs to a token that has ended', { secondsLeft: -5 }],
    ['has more tags than the header takes', { tags: Array.from({ length: 1_000 }, (_, n) => tags.property(n)) }],
  ])('keep the edge from an answer that %s', (_why, changes) => {
    expect(edge.headers({ ...answer, ...changes })).toEqual({
      'cache-control': 'private, no-cache',
      'cdn-cache-control': 'no-store',
    });
  });

  it('say nothing to an edge that is not there', () => {
    expect(new EdgeHeaders(false).headers(answer)).toEqual({ 'cache-control': 'private, no-cache' });
  });

  it('never let an edge serve a stale answer for longer than it may keep a fresh one', () => {
    for (const one of Object.values(cacheFamilies)) expect(one.staleSeconds).toBeLessThanOrEqual(one.edgeSeconds);
  });

  it('fit tags up to 8 KiB exactly', () => {
    const long = 'x'.repeat(8 * 1024) as Tag;
    expect(edge.headers({ ...answer, tags: [long] })).toHaveProperty('surrogate-key');
    expect(edge.headers({ ...answer, tags: [`${long}x` as Tag] })).not.toHaveProperty('surrogate-key');
  });
});

import { type Tag, cacheFamilies, tags } from '@innkeep/contracts';
import { EdgeHeaders, invalidatedGroups } from './edge-headers';

const family = { name: 'pages', browserSeconds: 30, edgeSeconds: 900, staleSeconds: 3, isEdited: true };
const answer = {
  family,
  tags: [tags.property(7), tags.organization(1)],
  isPurgePending: false,
  isLate: false,
  isPartitioned: true,
};
const always = { 'cache-control': 'private, no-cache', 'cache-groups': '"p:7", "o:1"' };

describe('the cache headers of an answer', () => {
  const edge = new EdgeHeaders(['varnish']);

  it('let browsers revalidate and the edge keep it, with the tags it is purged by', () => {
    expect(edge.headers(answer)).toEqual({
      ...always,
      'cdn-cache-control': 'max-age=900, stale-while-revalidate=3',
      'surrogate-key': 'property:7 org:1',
    });
  });

  it('give browsers a lifetime for what nobody edits', () => {
    const browser = edge.headers({ ...answer, family: { ...family, isEdited: false } })['cache-control'];
    expect(browser).toBe('private, max-age=30');
  });

  it('let everybody keep what is everybody’s, and the edge until it is purged', () => {
    const image = { ...answer, seconds: 3_600 };
    const control = { 'cache-control': 'public, max-age=3600, immutable' };
    const kept = { ...control, 'cdn-cache-control': 'max-age=3600', 'surrogate-key': 'property:7 org:1' };
    expect(edge.publicHeaders(image)).toEqual(kept);
    expect(edge.publicHeaders({ ...image, isPurgePending: true })).toEqual({
      ...kept,
      'cdn-cache-control': 'max-age=2',
    });
    expect(edge.publicHeaders({ ...image, isLate: true })).toEqual({ ...control, 'cdn-cache-control': 'no-store' });
    expect(new EdgeHeaders(['log']).publicHeaders(image)).toEqual(control);
    expect(new EdgeHeaders(['fastly']).publicHeaders(image)).toEqual({ ...kept, 'surrogate-control': 'max-age=3600' });
  });

  it('name tags where each kind of edge looks for them', () => {
    expect(new EdgeHeaders(['cloudflare', 'fastly']).headers(answer)).toEqual({
      ...always,
      'cdn-cache-control': 'max-age=900, stale-while-revalidate=3',
      'surrogate-control': 'max-age=900, stale-while-revalidate=3',
      'cache-tag': 'property:7,org:1',
      'surrogate-key': 'property:7 org:1',
    });
  });

  it.each([
    ['the family’s lifetime', {}, 'max-age=900, stale-while-revalidate=3'],
    ['what is left of its day', { secondsLeft: 59.9 }, 'max-age=59, stale-while-revalidate=3'],
    [
      'two seconds while a purge is on its way, never stale',
      { isPurgePending: true },
      'max-age=2, stale-while-revalidate=0',
    ],
    ['what is left even then', { isPurgePending: true, secondsLeft: 1.5 }, 'max-age=1, stale-while-revalidate=0'],
  ])('give the edge no more than %s', (_what, changes, expected) => {
    expect(edge.headers({ ...answer, ...changes })['cdn-cache-control']).toBe(expected);
  });

  it.each([
    ['came too late for a purge to find it', { isLate: true }],
    ['is not true for another second', { secondsLeft: 0.9 }],
    ['would be kept for callers who may not see it', { isPartitioned: false }],
    ['has more tags than the header takes', { tags: Array.from({ length: 1_000 }, (_, n) => tags.property(n)) }],
  ])('keep the edge from an answer that %s', (_why, changes) => {
    const { 'cache-groups': _groups, ...headers } = edge.headers({ ...answer, ...changes });
    expect(headers).toEqual({ 'cache-control': 'private, no-cache', 'cdn-cache-control': 'no-store' });
  });

  it('say nothing to an edge that is not there', () => {
    expect(new EdgeHeaders(['log']).headers(answer)).toEqual(always);
  });

  it('never let an edge serve a stale answer for longer than it may keep a fresh one', () => {
    for (const one of Object.values(cacheFamilies)) expect(one.staleSeconds).toBeLessThanOrEqual(one.edgeSeconds);
    const limits = { secondsFor: () => 1 };
    expect(new EdgeHeaders(['varnish'], limits).headers(answer)['cdn-cache-control']).toBe(
      'max-age=1, stale-while-revalidate=0',
    );
  });

  it('fit tags up to 8 KiB exactly, and no more than CloudFront reads', () => {
    const long = Array.from({ length: 64 }, (_, n) => tags.asset(String(n).padStart(32, '0')));
    const filled = [...long, ...long, ...long, ...long].slice(0, 204);
    const bytes = filled.join(' ').length;
    expect(bytes).toBeLessThanOrEqual(8 * 1024);
    expect(edge.headers({ ...answer, tags: filled })).toHaveProperty('surrogate-key');
    const over: Tag[] = [...filled, tags.asset('f'.repeat(32))];
    expect(over.join(' ').length).toBeGreaterThan(8 * 1024);
    expect(edge.headers({ ...answer, tags: over })).not.toHaveProperty('surrogate-key');
    expect(new EdgeHeaders(['cloudfront']).headers({ ...answer, tags: filled.slice(0, 51) })).not.toHaveProperty(
      'cache-tag',
    );
  });

  it('name what a change outdates, each once, and the whole organization where that is too much to name', () => {
    const twice = [tags.property(7), tags.dashboard(1), tags.property(7)];
    expect(invalidatedGroups(twice, 1)).toEqual({ 'cache-group-invalidation': '"p:7", "d:1"' });
    const many = Array.from({ length: 33 }, (_, n) => tags.property(n + 1));
    expect(invalidatedGroups(many, 1)).toEqual({ 'cache-group-invalidation': '"o:1"' });
    expect(invalidatedGroups([], 1)).toEqual({});
  });
});

import { AnswerCache } from './answer-cache';
import type { CachedAnswer } from './cached-answer';

const answer = (
  body: string,
  { position = 1, tags = ['a'] }: Partial<Pick<CachedAnswer, 'position' | 'tags'>> = {},
): CachedAnswer => ({
  body: Buffer.from(body),
  etag: `"${body}"`,
  headers: {},
  headersFor: () => ({}),
  family: 'finance',
  route: '/a',
  position,
  tags,
});

describe('the answer cache', () => {
  let cache: AnswerCache;
  beforeEach(() => {
    cache = new AnswerCache({ maxBytes: 100_000, maxAgeMs: 60_000 });
  });

  const keep = (key: string, kept: CachedAnswer) => cache.store(key, kept, cache.begin());
  const found = (key: string, minPosition?: number) => cache.find(key, minPosition)?.body.toString();

  it('gives back what it was given, under its own key', () => {
    keep('k', answer('one'));
    keep('l', answer('two'));
    expect([found('k'), found('l'), found('m')]).toEqual(['one', 'two', undefined]);
  });

  it('forgets every answer that carries an invalidated tag, and no other', () => {
    keep('k', answer('one', { tags: ['a', 'b'] }));
    keep('l', answer('two', { tags: ['b'] }));
    keep('m', answer('three', { tags: ['c'] }));
    cache.invalidate(['b', 'nobody has this one']);
    expect([found('k'), found('l'), found('m')]).toEqual([undefined, undefined, 'three']);
  });

  it('goes by the tags of the answer it holds, not of the one it held', () => {
    keep('k', answer('one', { tags: ['a'] }));
    keep('k', answer('two', { tags: ['b'] }));
    cache.invalidate(['a']);
    expect(found('k')).toBe('two');
    cache.invalidate(['b']);
    expect(found('k')).toBeUndefined();
  });

  it('gives no answer from behind the position that is asked for', () => {
    keep('k', answer('one', { position: 5 }));
    expect([found('k', 5), found('k', 6), found('k')]).toEqual(['one', undefined, 'one']);
  });

  it('keeps what a body was compressed to beside it and counts it, until the answer goes', () => {
    const [one, two] = [answer('one'), answer('two')];
    keep('k', one);
    const before = cache.bytes;
    cache.keepEncoded('k', one.body, 'br', Buffer.from('compressed'));
    cache.keepEncoded('k', one.body, 'gzip', Buffer.from('zip'));
    cache.keepEncoded('l', one.body, 'br', Buffer.from('of nothing that is kept'));
    expect(cache.find('k')?.encoded).toEqual({ br: Buffer.from('compressed'), gzip: Buffer.from('zip') });
    expect([cache.bytes - before, cache.tagCount]).toEqual([13, 1]);
    keep('k', two);
    cache.keepEncoded('k', one.body, 'br', Buffer.from('of the one before'));
    expect([cache.find('k')?.encoded, cache.bytes]).toEqual([undefined, before]);
    cache.keepEncoded('k', two.body, 'br', Buffer.from('compressed'));
    cache.invalidate(['a']);
    expect([cache.find('k'), cache.bytes, cache.tagCount]).toEqual([undefined, 0, 0]);
  });

  it('replaces an answer by one as new or newer, never by an older one', () => {
    keep('k', answer('five', { position: 5 }));
    keep('k', answer('four', { position: 4 }));
    expect(found('k')).toBe('five');
    keep('k', answer('five again', { position: 5 }));
    expect(found('k')).toBe('five again');
    keep('k', answer('six', { position: 6 }));
    expect(found('k')).toBe('six');
  });

  it('does not take an answer whose tags were invalidated while it was loaded', () => {
    const ticket = cache.begin();
    cache.invalidate(['a']);
    cache.store('k', answer('old'), ticket);
    expect(found('k')).toBeUndefined();
    keep('k', answer('new'));
    expect(found('k')).toBe('new');
  });

  it('takes an answer that was loaded while other tags were invalidated', () => {
    const ticket = cache.begin();
    cache.invalidate(['b']);
    cache.store('k', answer('one', { tags: ['a'] }), ticket);
    expect(found('k')).toBe('one');
  });

  it('takes no answer of a load that began before invalidations it no longer remembers', () => {
    const ticket = cache.begin();
    cache.invalidate(['a']);
    for (let n = 0; n < 50_000; n++) cache.invalidate([`tag ${n}`]);
    cache.store('k', answer('old'), ticket);
    expect(found('k')).toBeUndefined();
    keep('k', answer('new'));
    expect(found('k')).toBe('new');
  });

  it('holds nothing while invalidations may be missed, and nothing that was loaded then', () => {
    keep('k', answer('one'));
    cache.trust(false);
    expect(found('k')).toBeUndefined();
    keep('k', answer('two'));
    expect(found('k')).toBeUndefined();
    const ticket = cache.begin();
    cache.trust(true);
    cache.store('k', answer('three'), ticket);
    expect(found('k')).toBeUndefined();
    keep('k', answer('four'));
    expect(found('k')).toBe('four');
  });

  it('keeps what it holds when it is told again that it may', () => {
    keep('k', answer('one'));
    cache.trust(true);
    expect(found('k')).toBe('one');
  });

  it('stays within its memory by letting go of what was used least recently', () => {
    cache = new AnswerCache({ maxBytes: 10_000, maxAgeMs: 60_000 });
    for (let n = 0; n < 10; n++) {
      keep(`k${n}`, answer('x'.repeat(1_000)));
      found('k0');
    }
    expect(cache.bytes).toBeLessThanOrEqual(10_000);
    expect([found('k0') !== undefined, found('k1'), found('k9') !== undefined]).toEqual([true, undefined, true]);
  });

  it('does not hold an answer that is larger than its memory, nor any trace of it', () => {
    cache = new AnswerCache({ maxBytes: 1, maxAgeMs: 60_000 });
    for (let n = 0; n < 100; n++) keep(`k${n}`, answer('x', { tags: [`t${n}`] }));
    expect([found('k1'), cache.bytes, cache.tagCount]).toEqual([undefined, 0, 0]);
  });
});

import { isUnchanged } from './validators';

const lastModified = 'Sat, 14 Mar 2026 09:26:53 GMT';

describe('a conditional read', () => {
  it.each([
    [{}, false],
    [{ 'if-modified-since': lastModified }, true],
    [{ 'if-modified-since': 'Sat, 14 Mar 2026 09:26:54 GMT' }, true],
    [{ 'if-modified-since': 'Sat, 14 Mar 2026 09:26:52 GMT' }, false],
    [{ 'if-modified-since': 'yesterday' }, false],
    [{ 'if-none-match': '"7"' }, true],
    [{ 'if-none-match': '"8"', 'if-modified-since': lastModified }, false],
    [{ 'if-none-match': '"7"', 'if-modified-since': 'Sat, 14 Mar 2026 09:26:52 GMT' }, true],
  ])('with %j tells whether it is unchanged: %p', (headers, told) => {
    expect(isUnchanged(headers, '"7"', lastModified)).toBe(told);
  });

  it('decides nothing where none was sent', () => {
    expect(isUnchanged({ 'if-modified-since': lastModified }, '"7"', undefined)).toBe(false);
  });
});

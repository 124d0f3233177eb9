import { mapInTurns } from './in-turns';

describe('many items', () => {
  it('are worked through in order, and others have their turns in between', async () => {
    const seen: string[] = [];
    setImmediate(() => seen.push('another'));
    const doubled = await mapInTurns(
      Array.from({ length: 250 }, (_, n) => n),
      (n, index) => {
        if (n % 100 === 99) seen.push(`${index + 1}`);
        return n * 2;
      },
    );
    expect(doubled).toEqual(Array.from({ length: 250 }, (_, n) => n * 2));
    expect(seen.indexOf('another')).toBeGreaterThan(seen.indexOf('100'));
    expect(seen.indexOf('another')).toBeLessThan(seen.indexOf('200'));
  });

  it('are not gone on with after one that fails', async () => {
    const seen: number[] = [];
    const failing = mapInTurns([1, 2, 3], (n) => {
      seen.push(n);
      if (n === 2) throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(seen).toEqual([1, 2]);
  });
});

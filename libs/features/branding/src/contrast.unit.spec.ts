import fc from 'fast-check';
import { contrastOf } from './contrast';
import { changeTheme, defaultTheme } from './theme';

const color = fc.integer({ min: 0, max: 0xff_ff_ff }).map((value) => `#${value.toString(16).padStart(6, '0')}`);
const round = (ratio: number) => Math.round(ratio * 100) / 100;

describe('the contrast of two colours', () => {
  it.each([
    ['#000000', '#ffffff', 21],
    ['#777777', '#ffffff', 4.48],
    ['#767676', '#ffffff', 4.54],
    ['#ff0000', '#ffffff', 4],
    ['#0000ff', '#ffff00', 8],
  ])('of %s and %s is %d', (one, other, ratio) => {
    expect(round(contrastOf(one, other))).toBe(ratio);
  });

  it('is the same both ways, and from 1 to 21', () => {
    fc.assert(
      fc.property(color, color, (one, other) => {
        const ratio = contrastOf(one, other);
        expect(ratio).toBe(contrastOf(other, one));
        expect(ratio).toBeGreaterThanOrEqual(1);
        expect(ratio).toBeLessThanOrEqual(21);
      }),
    );
  });
});

describe('a theme', () => {
  it('can be read as it is from the start, and is changed piece by piece', () => {
    const changed = changeTheme(defaultTheme, { name: 'Casas', colors: { primary: '#004488' } })!;
    expect(changed).toMatchObject({ name: 'Casas', font: defaultTheme.font });
    expect(changed.colors).toEqual({ ...defaultTheme.colors, primary: '#004488' });
    expect(changeTheme(changed, { name: 'Casas', colors: { primary: '#004488' } })).toBeUndefined();
  });

  it('refuses colours that hide text, and says which', () => {
    try {
      changeTheme(defaultTheme, { colors: { background: '#777777', text: '#ffffff' } });
      throw new Error('was taken');
    } catch (error) {
      expect(error).toMatchObject({
        problem: { name: 'contrast-too-low', status: 422 },
        extra: {
          members: {
            pairs: [
              { foreground: 'text', background: 'background', ratio: 4.47, needed: 4.5 },
              { foreground: 'text', background: 'surface', ratio: expect.any(Number), needed: 4.5 },
              { foreground: 'link', background: 'background', ratio: expect.any(Number), needed: 4.5 },
            ],
          },
        },
      });
    }
  });
});

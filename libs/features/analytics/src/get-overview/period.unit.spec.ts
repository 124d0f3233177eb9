import { comparedWith } from './period';

describe('what a period is compared with', () => {
  it('has as many days right before it', () => {
    expect(comparedWith({ from: '2026-03-01', to: '2026-03-31' }, 'previous')).toEqual({
      from: '2026-01-29',
      to: '2026-02-28',
    });
    expect(comparedWith({ from: '2026-01-01', to: '2026-01-01' }, 'previous')).toEqual({
      from: '2025-12-31',
      to: '2025-12-31',
    });
  });

  it('or has the same days of the year before, also in leap years', () => {
    expect(comparedWith({ from: '2024-02-29', to: '2024-03-31' }, 'last-year')).toEqual({
      from: '2023-02-28',
      to: '2023-03-31',
    });
    expect(comparedWith({ from: '2026-03-01', to: '2026-03-31' }, 'none')).toBeUndefined();
  });
});

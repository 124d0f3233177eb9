/** The last day of a month, `YYYY-MM-DD`; months count from 1. */
export const lastDayOf = (year: number, month: number): string =>
  new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);

import { once } from '../once.ts';

/** The date of a year, a month and a day, or NULL if there is none. TRY would not take arguments that may stop the query. */
export function calendarDate(year: string, month: string, day: string): string {
  return once([year, month, day], ([y = '', m = '', d = '']) => {
    const isLeap = `(${y} % 4 = 0 AND ${y} % 100 <> 0 OR ${y} % 400 = 0)`;
    const days = `CASE WHEN ${m} IN (4, 6, 9, 11) THEN 30 WHEN ${m} <> 2 THEN 31 WHEN ${isLeap} THEN 29 ELSE 28 END`;
    const exists = `${y} BETWEEN -5877000 AND 5880000 AND ${m} BETWEEN 1 AND 12 AND ${d} BETWEEN 1 AND ${days}`;
    return `(CASE WHEN ${exists} THEN make_date(${y}, ${m}, ${d}) END)`;
  });
}

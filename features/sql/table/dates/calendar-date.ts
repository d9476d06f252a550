import { once, stop } from '../once.ts';

/** Years to whose days DuckDB can add months. */
const DATE_YEARS = [-287_000, 287_000] as const;
/** Years whose timestamps both engines have; Spark fails for the others that Java has. */
export const TIMESTAMP_YEARS = [-290_000, 294_000] as const;
const JAVA_YEAR = 999_999_999;

/** The date of a year, a month and a day, or NULL if there is none. TRY would not take arguments that may stop the query. */
export function calendarDate(
  year: string,
  month: string,
  day: string,
  [first, last]: readonly [number, number] = DATE_YEARS,
): string {
  return once([year, month, day], ([y = '', m = '', d = '']) => {
    const isLeap = `(${y} % 4 = 0 AND ${y} % 100 <> 0 OR ${y} % 400 = 0)`;
    const days = `CASE WHEN ${m} IN (4, 6, 9, 11) THEN 30 WHEN ${m} <> 2 THEN 31 WHEN ${isLeap} THEN 29 ELSE 28 END`;
    const exists = `${m} BETWEEN 1 AND 12 AND ${d} BETWEEN 1 AND ${days}`;
    const inside = `CASE WHEN ${y} BETWEEN ${first} AND ${last} THEN make_date(${y}, ${m}, ${d}) WHEN abs(CAST(${y} AS BIGINT)) <= ${JAVA_YEAR} THEN ${stop('a year is out of range')} END`;
    return `(CASE WHEN ${exists} THEN ${inside} END)`;
  });
}

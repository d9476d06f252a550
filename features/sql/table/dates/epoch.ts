import { BIGINT, isFloating } from '../../types.ts';
import { type Entry, signature } from '../entry.ts';
import { once } from '../once.ts';
import { exact } from './exact.ts';
import { dateOf, daysOf } from './shift.ts';

const seconds = (moment: string): string => `(epoch_us(date_trunc('second', ${moment})) // 1000000)`;

/** Counts that make a timestamp in Spark, but not in DuckDB, whose first and last ones are infinite. */
const OUTSIDE = "error('millrace: a timestamp is out of range')";

const ofMicros = (count: string): string =>
  once([`CAST(${count} AS BIGINT)`], ([n = '']) => {
    const inside = `${n} BETWEEN -9223372022400000000 AND 9223372036854775806`;
    return `CASE WHEN NOT ${inside} THEN ${OUTSIDE} ELSE make_timestamp(${n}) END`;
  });

/** Java's conversion of microseconds to an integer cuts the fraction off; neither NaN nor infinity has one. */
const ofSeconds = (count: string): string =>
  once([`CAST(${count} AS DOUBLE)`], ([n = '']) => {
    const micros = `CAST(trunc(${n} * 1000000) AS BIGINT)`;
    return `CASE WHEN NOT isfinite(${n}) THEN NULL WHEN abs(${n}) > 9223372022400 THEN ${OUTSIDE} ELSE make_timestamp(${micros}) END`;
  });

/** Conversions between moments and counts since 1970. */
export const EPOCHS: readonly Entry[] = [
  {
    name: 'unix_date',
    kind: 'scalar',
    signatures: [exact('moment', ['date'], 'int', ([date = '']) => `CAST(${daysOf(date)} AS INTEGER)`)],
  },
  {
    name: 'unix_seconds',
    kind: 'scalar',
    signatures: [exact('timestamps', ['timestamp'], BIGINT, ([moment = '']) => seconds(moment))],
  },
  {
    name: 'unix_millis',
    kind: 'scalar',
    signatures: [
      exact(
        'timestamps',
        ['timestamp'],
        BIGINT,
        ([m]) => `(epoch_us(date_trunc('millisecond', ${m})) // 1000)`,
      ),
    ],
  },
  {
    name: 'unix_micros',
    kind: 'scalar',
    signatures: [exact('timestamps', ['timestamp'], BIGINT, ([moment]) => `epoch_us(${moment})`)],
  },
  {
    name: 'date_from_unix_date',
    kind: 'scalar',
    signatures: [signature('int', 'date', ([days = '']) => once([days], ([n = '']) => `(${dateOf(n)})`))],
  },
  {
    name: 'timestamp_seconds',
    kind: 'scalar',
    signatures: [
      signature('integral', 'timestamp', ([count]) => `make_timestamp(CAST(${count} AS BIGINT) * 1000000)`),
      // Spark reads no text here.
      signature('any', 'timestamp', ([count = '']) => ofSeconds(count), {
        convert: ([a]) => (a !== undefined && isFloating(a) ? [a] : undefined),
      }),
    ],
    examples: [
      'SELECT id, timestamp_seconds(c_int) AS a, timestamp_seconds(c_int * 3L) AS b FROM everything',
      { sql: 'SELECT timestamp_seconds(x) AS a FROM bigints', outcome: 'both fail' },
    ],
  },
  {
    name: 'timestamp_millis',
    kind: 'scalar',
    signatures: [
      signature('integral', 'timestamp', ([count]) => `make_timestamp(CAST(${count} AS BIGINT) * 1000)`),
    ],
    examples: [
      'SELECT id, timestamp_millis(c_int) AS a, timestamp_millis(c_int * 3000L) AS b FROM everything',
      { sql: 'SELECT timestamp_millis(x) AS a FROM bigints', outcome: 'both fail' },
    ],
  },
  {
    name: 'timestamp_micros',
    kind: 'scalar',
    signatures: [signature('integral', 'timestamp', ([count = '']) => ofMicros(count))],
  },
];

import type { ParityCase } from './parity-case.ts';

/** Queries as feature authors write them. */
export const COMMON_QUERIES: readonly ParityCase[] = [
  { name: 'select columns of every type', sql: 'SELECT * FROM everything' },
  { name: 'select from a table without rows', sql: 'SELECT * FROM nothing' },
  { name: 'group an empty table', sql: 'SELECT id, COUNT(*) AS n FROM nothing GROUP BY id' },
  { name: 'aggregate an empty table', sql: 'SELECT COUNT(*) AS n, MAX(c_int) AS m FROM nothing' },
  {
    name: 'count rows by entity',
    sql: 'SELECT id, COUNT(*) AS n, COUNT(amount) AS known FROM t GROUP BY id',
  },
  { name: 'count distinct texts', sql: 'SELECT id, COUNT(DISTINCT kind) AS kinds FROM t GROUP BY id' },
  { name: 'smallest and largest day', sql: 'SELECT id, MIN(day) AS a, MAX(day) AS b FROM t GROUP BY id' },
  {
    name: 'sum of a condition',
    sql: "SELECT id, SUM(CASE WHEN kind = 'fee' THEN 1 ELSE 0 END) AS fees FROM t GROUP BY id",
  },
  { name: 'filter by NULL', sql: 'SELECT id, day FROM t WHERE amount IS NULL OR qty IS NOT NULL' },
  { name: 'filter by IN', sql: "SELECT id, day, kind FROM t WHERE kind IN ('fee', 'normal')" },
  { name: 'filter by NOT IN with NULL', sql: "SELECT id FROM t WHERE kind NOT IN ('fee', NULL)" },
  { name: 'coalesce', sql: 'SELECT id, COALESCE(qty, 0) AS a FROM t' },
  { name: 'three-valued logic', sql: 'SELECT id, x AND y AS a, x OR y AS b, NOT x AS c FROM booleans' },
  { name: 'null-safe equality', sql: 'SELECT id, x <=> y AS a FROM ints' },
  { name: 'comparison of doubles', sql: 'SELECT id, x = y AS a, x < y AS b, x >= y AS c FROM doubles' },
  { name: 'comparison of texts', sql: 'SELECT id, x = y AS a, x < y AS b, x >= y AS c FROM strings' },
  { name: 'comparison of dates', sql: 'SELECT id, x = y AS a, x < y AS b FROM dates' },
  { name: 'comparison of timestamps', sql: 'SELECT id, x = y AS a, x < y AS b FROM timestamps' },
  { name: 'inner join', sql: 'SELECT t.id, t.day, u.city FROM t JOIN u ON t.id = u.id' },
  { name: 'left join', sql: 'SELECT t.id, t.day, u.score FROM t LEFT JOIN u ON t.id = u.id' },
  { name: 'full join', sql: 'SELECT t.id AS a, u.id AS b FROM t FULL JOIN u ON t.id = u.id' },
  { name: 'semi join', sql: 'SELECT id, day FROM t LEFT SEMI JOIN u ON t.id = u.id' },
  { name: 'anti join', sql: 'SELECT id, day FROM t LEFT ANTI JOIN u ON t.id = u.id' },
  {
    name: 'correlated EXISTS',
    sql: 'SELECT id, day FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.id = t.id AND u.score > 0.5)',
  },
  {
    name: 'common table expression',
    sql: 'WITH c AS (SELECT id, COUNT(*) AS n FROM t GROUP BY id) SELECT id FROM c WHERE n > 3',
  },
  { name: 'union all', sql: 'SELECT id FROM t UNION ALL SELECT id FROM u' },
  { name: 'intersect', sql: 'SELECT id FROM t INTERSECT SELECT id FROM u' },
  {
    name: 'latest row by row number',
    sql: 'SELECT id, day, amount FROM (SELECT id, day, amount, ROW_NUMBER() OVER (PARTITION BY id ORDER BY day DESC) AS n FROM t) AS r WHERE n = 1',
  },
  {
    name: 'sliding maximum',
    sql: 'SELECT id, day, MAX(qty) OVER (PARTITION BY id ORDER BY day ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS m FROM t',
  },
  {
    name: 'order by several columns',
    sql: 'SELECT id, day, qty FROM t ORDER BY id DESC, day',
  },
];

import { TABLES, type Table } from '../../data/tables.ts';
import { composed, composedAs, type Random } from './expressions.ts';

/** A query as feature authors write it: rows of `t`, filtered, joined, grouped, ranked or combined. */
export function randomQuery(random: Random): string {
  const [t] = TABLES.filter(({ name }) => name === 't');
  if (t === undefined) throw new Error('There is no table t.');
  return random.of(SHAPES)(random, t);
}

type Shape = (random: Random, t: Table) => string;

const value: Shape = (random, t) => composed(random, t, 1 + Math.floor(random.next() * 3)).sql;
const condition: Shape = (random, t) =>
  composedAs(random, t, 3, ({ kind }) => kind === 'boolean')?.sql ?? 'qty > 1';
const number: Shape = (random, t) =>
  composedAs(random, t, 2, ({ kind }) => kind === 'int' || kind === 'bigint' || kind === 'double')?.sql ??
  'amount';
const aggregate: Shape = (random, t) =>
  random.of([
    () => 'COUNT(*)',
    () => `COUNT(${value(random, t)})`,
    () => `COUNT(DISTINCT ${value(random, t)})`,
    () => `SUM(${number(random, t)})`,
    () => `AVG(${number(random, t)})`,
    () => `MIN(${value(random, t)})`,
    () => `MAX(${value(random, t)})`,
    () => `SUM(CASE WHEN ${condition(random, t)} THEN 1 ELSE 0 END)`,
    () => `MAX(${number(random, t)}) FILTER (WHERE ${condition(random, t)})`,
  ])();
const frame: Shape = (random) =>
  random.of([
    '',
    ' ROWS BETWEEN 2 PRECEDING AND CURRENT ROW',
    ' ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING',
    ' ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING',
    ' RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW',
  ]);
const join: Shape = (random) =>
  random.of(['JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN', 'LEFT SEMI JOIN', 'LEFT ANTI JOIN']);

const SHAPES: readonly Shape[] = [
  (random, t) => `SELECT id, day, ${value(random, t)} AS a FROM t WHERE ${condition(random, t)}`,
  (random, t) => `SELECT id, ${aggregate(random, t)} AS a, ${aggregate(random, t)} AS b FROM t GROUP BY id`,
  (random, t) =>
    `SELECT id, ${aggregate(random, t)} AS a FROM t WHERE ${condition(random, t)} GROUP BY id HAVING COUNT(*) > 1`,
  (random, t) => `SELECT ${value(random, t)} AS k, COUNT(*) AS n FROM t GROUP BY 1`,
  (random, t) =>
    `SELECT id, day, ${aggregate(random, t)} OVER (PARTITION BY id ORDER BY day${frame(random, t)}) AS a FROM t`,
  (random, t) =>
    `SELECT id, day, LAG(${value(random, t)}) OVER (PARTITION BY id ORDER BY day DESC) AS a FROM t`,
  (random, t) =>
    `SELECT id, day FROM (SELECT id, day, ROW_NUMBER() OVER (PARTITION BY id ORDER BY day DESC) AS r FROM t WHERE ${condition(random, t)}) AS q WHERE r = 1`,
  (random, t) =>
    `WITH c AS (SELECT id, ${aggregate(random, t)} AS a FROM t GROUP BY id) SELECT c.id AS id, c.a AS a, u.score AS score FROM c LEFT JOIN u ON c.id = u.id`,
  (random, t) =>
    `SELECT q.id AS id, q.a AS a FROM (SELECT id, ${value(random, t)} AS a FROM t) AS q ${join(random, t)} u ON q.id = u.id`,
  (random, t) =>
    `SELECT id, ${value(random, t)} AS a FROM t WHERE id IN (SELECT u.id FROM u WHERE u.score > ${String(random.next())})`,
  (random, t) =>
    `SELECT id, ${value(random, t)} AS a FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.id = t.id AND u.city <> '')`,
  (random, t) => `SELECT DISTINCT ${value(random, t)} AS a, ${value(random, t)} AS b FROM t`,
  (random, t) => {
    const a = value(random, t);
    const set = random.of(['UNION ALL', 'UNION', 'INTERSECT', 'EXCEPT']);
    return `SELECT id, ${a} AS a FROM t WHERE ${condition(random, t)} ${set} SELECT id, ${a} AS a FROM t WHERE ${condition(random, t)}`;
  },
  (random, t) => `SELECT id, day, ${value(random, t)} AS a FROM t ORDER BY id DESC, day LIMIT 7`,
];

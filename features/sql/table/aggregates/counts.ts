import { type Entry, type PrintedCall, signature } from '../entry.ts';

function countOf(values: readonly string[], { suffix, distinct }: PrintedCall): string {
  const [only = '', ...more] = values;
  if (more.length === 0) return `count(${distinct}${only})${suffix}`;
  const known = values.map((value) => `${value} IS NOT NULL`).join(' AND ');
  const row = `{${values.map((value, index) => `v${index}: ${value}`).join(', ')}}`;
  return `count(${distinct}CASE WHEN ${known} THEN ${distinct === '' ? 'TRUE' : row} END)${suffix}`;
}

/** Numbers of rows. */
export const COUNTS: readonly Entry[] = [
  {
    name: 'count',
    kind: 'aggregate',
    signatures: [
      signature('', 'bigint', (_args, { suffix }) => `count(*)${suffix}`),
      signature('any', 'bigint', countOf, { rest: 'any' }),
    ],
    examples: [
      'SELECT g AS g, count(x, y) AS pairs, count(DISTINCT x, n) AS kinds FROM doubles GROUP BY g',
      'SELECT count(DISTINCT x) AS a, count(*) FILTER (WHERE x > 0) AS b, count(1) AS c FROM nothing CROSS JOIN (SELECT 1 AS x)',
    ],
  },
  {
    name: 'count_if',
    kind: 'aggregate',
    signatures: [
      signature(
        'boolean',
        'bigint',
        ([a], { suffix, distinct }) => `count(${distinct}CASE WHEN ${a} THEN TRUE END)${suffix}`,
      ),
    ],
    examples: ['SELECT g AS g, count_if(x > 1 OR y < 0) AS n FROM ints GROUP BY g'],
  },
];

import { type Entry, signature } from '../entry.ts';

/** Which keys of GROUP BY a row of GROUPING SETS, ROLLUP or CUBE leaves out. */
export const GROUPINGS: readonly Entry[] = [
  {
    name: 'grouping',
    kind: 'aggregate',
    ofKeys: true,
    noDistinct: true,
    signatures: [signature('any', 'tinyint', ([a]) => `CAST(GROUPING(${a}) AS TINYINT)`)],
    examples: [
      'SELECT kind AS kind, qty AS qty, grouping(kind) AS a, count(*) AS n FROM t GROUP BY kind, qty WITH ROLLUP',
    ],
  },
  {
    name: 'grouping_id',
    kind: 'aggregate',
    ofKeys: true,
    noDistinct: true,
    signatures: [
      signature('any', 'bigint', (args) => `CAST(GROUPING(${args.join(', ')}) AS BIGINT)`, { rest: 'any' }),
    ],
    examples: [
      'SELECT kind AS kind, qty AS qty, grouping_id(kind, qty) AS a, count(*) AS n FROM t GROUP BY CUBE (kind, qty)',
    ],
  },
];

import { duckDbType, isFloating, type SqlType } from '../../types.ts';
import { type Entry, type PrintedCall, signature } from '../entry.ts';

const list = ([a]: readonly SqlType[]): SqlType => ({ kind: 'array', element: a ?? { kind: 'void' } });

/** Without NULL; of no values, an empty array. */
function collected(a: string, distinct: string, { suffix, result }: PrintedCall): string {
  const values = `list_filter(list(${distinct}${a})${suffix}, lambda v: v IS NOT NULL)`;
  return `coalesce(${values}, CAST([] AS ${duckDbType(result)}))`;
}

/** Values of a group as an array, whose order is left to chance. */
export const COLLECTED: readonly Entry[] = [
  {
    name: 'collect_list',
    kind: 'aggregate',
    aliases: ['array_agg'],
    unordered: true,
    signatures: [signature('any', list, ([a = ''], call) => collected(a, call.distinct, call))],
    examples: [
      'SELECT g AS g, sort_array(collect_list(x)) AS a, size(collect_list(DISTINCT y)) AS b FROM strings GROUP BY g',
      'SELECT sort_array(collect_list(c_int) FILTER (WHERE c_int > 0)) AS a FROM nothing',
    ],
  },
  {
    name: 'collect_set',
    kind: 'aggregate',
    unordered: true,
    signatures: [
      signature('orderable', list, ([a = ''], call) => {
        const [type] = call.types;
        // Spark keeps every NaN of a set apart.
        if (type !== undefined && isFloating(type))
          return call.refuse(`collect_set of ${type.kind}`, 'use collect_list(DISTINCT …)');
        return collected(a, 'DISTINCT ', call);
      }),
    ],
    examples: [
      'SELECT g AS g, sort_array(collect_set(x)) AS a, size(collect_set(n)) AS b FROM dates GROUP BY g',
    ],
  },
];

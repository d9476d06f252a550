import { isNested, type SqlType } from '../../types.ts';
import { type Entry, type PrintedCall, signature } from '../entry.ts';
import { orderKey } from '../order-key.ts';

const same = ([a]: readonly SqlType[]): SqlType => a ?? { kind: 'void' };

function extreme(name: 'min' | 'max') {
  return (args: readonly string[], { types, suffix }: PrintedCall): string => {
    const [a = ''] = args;
    const type = same(types);
    return isNested(type) ? `arg_${name}(${a}, ${orderKey(a, type)})${suffix}` : `${name}(${a})${suffix}`;
  };
}

/** Among rows with the same `y`, the value that is itself the least or greatest counts; see `analyse/ties.ts`. */
function extremeBy(name: 'min' | 'max') {
  return ([x = '', y = '']: readonly string[], { types, suffix }: PrintedCall): string => {
    const [of = { kind: 'void' }, by = { kind: 'void' }] = types;
    const key = `{y: ${orderKey(y, by)}, n: ${x} IS NOT NULL, x: ${orderKey(x, of)}}`;
    return `arg_${name}_null(${x}, CASE WHEN ${y} IS NOT NULL THEN ${key} END)${suffix}`;
  };
}

const STRUCTS =
  "SELECT g AS g, max(named_struct('a', y, 'b', x)) AS a, min(x) AS b, max(x) AS c FROM structs GROUP BY g";

/** The least and the greatest value, and the value beside it. */
export const EXTREMES: readonly Entry[] = (['min', 'max'] as const).flatMap((name): Entry[] => [
  {
    name,
    kind: 'aggregate',
    signatures: [signature('orderable', same, extreme(name))],
    examples: [STRUCTS, `SELECT g AS g, ${name}(x) AS a FROM double_arrays GROUP BY g`],
  },
  {
    name: `${name}_by`,
    kind: 'aggregate',
    breaksTies: true,
    signatures: [signature('orderable, orderable', same, extremeBy(name))],
    examples: [
      `SELECT g AS g, ${name}_by(x, n) AS a, ${name}_by(id, x) AS b FROM doubles GROUP BY g`,
      `SELECT g AS g, ${name}_by(x, named_struct('n', n, 'y', y)) AS a FROM strings GROUP BY g`,
      `SELECT id AS id, ${name}_by(y, x) OVER (PARTITION BY g ORDER BY id) AS a FROM dates`,
    ],
  },
]);

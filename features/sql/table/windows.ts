import type { SqlType } from '../types.ts';
import { type Entry, type PrintedCall, signature } from './entry.ts';

const same = ([a]: readonly SqlType[]): SqlType => a ?? { kind: 'void' };

function nulls({ ignoreNulls }: PrintedCall): string {
  return ignoreNulls ? ' IGNORE NULLS' : '';
}

function rank(name: string, result: 'int' | 'double'): Entry {
  const type = result === 'int' ? 'INTEGER' : 'DOUBLE';
  return {
    name,
    kind: 'window',
    needsOrder: true,
    noFrame: true,
    signatures: [signature('', result, (_args, { suffix }) => `CAST(${name}()${suffix} AS ${type})`)],
    examples: [
      `SELECT id AS id, ${name}() OVER (PARTITION BY g ORDER BY x DESC) AS a FROM doubles`,
      `SELECT id AS id, ${name}() OVER (ORDER BY y, n DESC NULLS FIRST) AS a FROM strings`,
    ],
  };
}

/** A value of a row some places before or after. */
function shifted(name: 'lag' | 'lead'): Entry {
  return {
    name,
    kind: 'window',
    needsOrder: true,
    noFrame: true,
    takesNulls: true,
    signatures: [
      signature('any', same, ([a], call) => `${name}(${a}${nulls(call)})${call.suffix}`),
      signature('any, int!', same, ([a, n], call) => `${name}(${a}, ${n}${nulls(call)})${call.suffix}`, {
        samples: { 1: ['2', '0', '-1'] },
      }),
      signature(
        'any, int!, any',
        same,
        ([a, n, otherwise], call) => `${name}(${a}, ${n}, ${otherwise}${nulls(call)})${call.suffix}`,
        {
          samples: { 1: ['2', '0', '-1'] },
          // The default becomes of the type of the value.
          convert: ([a, n]) => (a === undefined || n === undefined ? undefined : [a, n, a]),
        },
      ),
    ],
    examples: [
      `SELECT id AS id, ${name}(x, 2, y) OVER (PARTITION BY g ORDER BY n) AS a FROM ints`,
      `SELECT id AS id, ${name}(x) IGNORE NULLS OVER (PARTITION BY g ORDER BY id) AS a FROM strings`,
    ],
  };
}

function ofFrame(name: 'first_value' | 'last_value', alias: string): Entry {
  const form = ([a]: readonly string[], call: PrintedCall): string =>
    `${name}(${a}${nulls(call)})${call.suffix}`;
  return {
    name,
    aliases: [alias],
    kind: 'window',
    needsOrder: true,
    takesNulls: true,
    signatures: [
      signature('any', same, form),
      signature(
        'any, boolean!',
        same,
        (args, call) => form(args, { ...call, ignoreNulls: call.ignoreNulls || call.constants[1] === true }),
        { samples: { 1: ['true', 'false'] } },
      ),
    ],
    examples: [
      `SELECT id AS id, ${name}(x) OVER (PARTITION BY g ORDER BY n ROWS BETWEEN 2 PRECEDING AND 1 FOLLOWING) AS a FROM ints`,
      `SELECT id AS id, ${name}(x) IGNORE NULLS OVER (PARTITION BY g ORDER BY id) AS a FROM dates`,
    ],
  };
}

function positive(index: number, call: PrintedCall): string {
  const value = Number(call.constants[index]);
  return value >= 1 ? String(value) : call.refuse('A number below 1', 'give 1 or more');
}

/** Functions of the order of rows in a window. */
export const WINDOWS: readonly Entry[] = [
  rank('row_number', 'int'),
  rank('rank', 'int'),
  rank('dense_rank', 'int'),
  rank('percent_rank', 'double'),
  rank('cume_dist', 'double'),
  {
    name: 'ntile',
    kind: 'window',
    needsOrder: true,
    noFrame: true,
    signatures: [
      signature(
        'int!',
        'int',
        (_args, call) => `CAST(ntile(${positive(0, call)})${call.suffix} AS INTEGER)`,
        { samples: { 0: ['1', '3', '100'] } },
      ),
    ],
    examples: ['SELECT id AS id, ntile(4) OVER (PARTITION BY g ORDER BY x) AS a FROM doubles'],
  },
  shifted('lag'),
  shifted('lead'),
  ofFrame('first_value', 'first'),
  ofFrame('last_value', 'last'),
  {
    name: 'nth_value',
    kind: 'window',
    needsOrder: true,
    takesNulls: true,
    signatures: [
      signature(
        'any, int!',
        same,
        ([a], call) => `nth_value(${a}, ${positive(1, call)}${nulls(call)})${call.suffix}`,
        { samples: { 1: ['1', '2', '5'] } },
      ),
    ],
    examples: [
      'SELECT id AS id, nth_value(x, 2) OVER (PARTITION BY g ORDER BY n ROWS BETWEEN 2 PRECEDING AND 1 FOLLOWING) AS a FROM ints',
      'SELECT id AS id, nth_value(x, 2) IGNORE NULLS OVER (PARTITION BY g ORDER BY id) AS a FROM strings',
    ],
  },
];

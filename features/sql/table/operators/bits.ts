import { BIGINT, INT, type SqlType } from '../../types.ts';
import { type Entry, signature } from '../entry.ts';
import { lowBits, wideType } from '../wrapped.ts';
import { ofIntegers } from './arithmetic.ts';

function bitwise(name: string, form: (a: string, b: string) => string): Entry {
  return {
    name,
    kind: 'scalar',
    signatures: [ofIntegers((a, b) => form(a, b))],
    examples: [`SELECT id, c_int ${name} c_bigint AS a, c_tinyint ${name} 5 AS b FROM everything`],
  };
}

type ShiftForm = (value: string, count: string, type: SqlType) => string;

/** As in Java, only the low bits of the count matter, and a number narrower than an int becomes one. */
function shift(name: string, form: ShiftForm): Entry {
  return {
    name,
    kind: 'scalar',
    signatures: [
      signature('int, int', INT, ([a = '', n = '']) => form(a, `(${n} & 31)`, INT)),
      // A decimal, a float or a text becomes an int.
      signature('integral, int', BIGINT, ([a = '', n = '']) => form(a, `(${n} & 63)`, BIGINT), {
        convert: (args) => (args[0]?.kind === 'bigint' ? args : undefined),
      }),
    ],
    examples: [
      `SELECT id, x ${name} n AS a, x ${name} 1 AS b, x ${name} -1 AS c, x ${name} 33 AS d FROM ints`,
      `SELECT id, x ${name} n AS a, x ${name} 1 AS b, x ${name} 65 AS c FROM bigints`,
      `SELECT id, x ${name} n AS a FROM tinyints`,
      `SELECT id, x ${name} n AS a, n ${name} x AS b FROM decimals`,
      `SELECT id, x ${name} n AS a FROM doubles`,
    ],
  };
}

const left: ShiftForm = (value, count, type) => {
  const wide = wideType(type);
  return lowBits(`CAST(${value} AS ${wide}) * (CAST(1 AS ${wide}) << ${count})`, type);
};

const unsignedRight: ShiftForm = (value, count, type) => {
  const wide = wideType(type);
  const bits = type.kind === 'int' ? '4294967295' : '18446744073709551615';
  return lowBits(`(CAST(${value} AS ${wide}) & CAST(${bits} AS ${wide})) >> ${count}`, type);
};

const SHIFTS: readonly Entry[] = [
  shift('<<', left),
  shift('>>', (value, count) => `(${value} >> ${count})`),
  shift('>>>', unsignedRight),
];

export const BITS: readonly Entry[] = [
  bitwise('&', (a, b) => `(${a} & ${b})`),
  bitwise('|', (a, b) => `(${a} | ${b})`),
  bitwise('^', (a, b) => `xor(${a}, ${b})`),
  {
    name: '~',
    kind: 'scalar',
    signatures: [
      signature(
        'integral',
        ([a]) => a ?? { kind: 'int' },
        ([a]) => `(~${a})`,
      ),
    ],
  },
  ...SHIFTS,
];

/** The operators as functions. */
export const SHIFT_FUNCTIONS: readonly Entry[] = SHIFTS.map((entry, index) => ({
  ...entry,
  name: ['shiftleft', 'shiftright', 'shiftrightunsigned'][index] ?? entry.name,
  examples: [],
}));

import { BIGINT, DOUBLE, INT, type SqlType } from '../../types.ts';
import { type Entry, signature } from '../entry.ts';
import { once } from '../once.ts';
import { ARITHMETIC, negated, ofFloats, ofIntegers, POSITIVE_REMAINDER } from '../operators/arithmetic.ts';
import { SHIFT_FUNCTIONS } from '../operators/bits.ts';
import { lowBits, wideType } from '../wrapped.ts';
import { duckDbType } from '../../types.ts';
import { DECIMAL_PRODUCT, decimalSum } from '../operators/decimals.ts';

const first = ([a]: readonly SqlType[]): SqlType => a ?? DOUBLE;

/** The signatures of an operator under the name of a function. */
function asFunction(name: string, operator: string): Entry {
  const found = ARITHMETIC.find((entry) => entry.name === operator);
  if (found === undefined) throw new TypeError(`The table has no operator ${operator}.`);
  return { name, kind: 'scalar', signatures: found.signatures };
}

/** NULL instead of a number that wraps around. */
function attempted(name: string, operator: '+' | '-' | '*'): Entry {
  return {
    name,
    kind: 'scalar',
    signatures: [
      ofIntegers((a, b, type) => {
        const wide = wideType(type);
        return `TRY_CAST(CAST(${a} AS ${wide}) ${operator} CAST(${b} AS ${wide}) AS ${duckDbType(type)})`;
      }),
      operator === '*' ? DECIMAL_PRODUCT : decimalSum(operator),
      ofFloats((a, b) => `(${a} ${operator} ${b})`),
    ],
  };
}

const ABSOLUTE: Entry = {
  name: 'abs',
  kind: 'scalar',
  signatures: [
    signature('integral', first, ([a], { result }) =>
      lowBits(`abs(CAST(${a} AS ${wideType(result)}))`, result),
    ),
    signature('decimal', first, ([a = ''], { result }) =>
      once([a], ([x = '']) => `(CASE WHEN ${x} < 0 THEN ${negated(x, result)} ELSE ${x} END)`),
    ),
    signature('floating', first, ([a]) => `abs(${a})`),
  ],
};

const SIGN: Entry = {
  name: 'sign',
  kind: 'scalar',
  aliases: ['signum'],
  signatures: [
    signature('double', 'double', ([a = '']) =>
      once(
        [a],
        ([x = '']) => `(CASE WHEN isnan(${x}) OR ${x} = 0 THEN ${x} ELSE CAST(sign(${x}) AS DOUBLE) END)`,
      ),
    ),
  ],
  examples: [
    'SELECT id, sign(x) AS a, CAST(sign(x) AS STRING) AS b FROM doubles',
    'SELECT id, signum(x) AS a FROM decimals',
  ],
};

/** Functions of whole numbers, and arithmetic under names. */
export const INTEGERS: readonly Entry[] = [
  ABSOLUTE,
  SIGN,
  asFunction('mod', '%'),
  asFunction('div', 'DIV'),
  asFunction('negative', 'NEGATE'),
  asFunction('try_divide', '/'),
  asFunction('try_mod', '%'),
  attempted('try_add', '+'),
  attempted('try_subtract', '-'),
  attempted('try_multiply', '*'),
  { name: 'pmod', kind: 'scalar', signatures: POSITIVE_REMAINDER },
  {
    name: 'positive',
    kind: 'scalar',
    signatures: [signature('numeric', first, ([a = '']) => a)],
  },
  ...SHIFT_FUNCTIONS,
  {
    name: 'bit_count',
    kind: 'scalar',
    signatures: [
      signature('boolean', INT, ([a]) => `CAST(${a} AS INTEGER)`),
      signature('integral', INT, ([a]) => `CAST(bit_count(CAST(${a} AS BIGINT)) AS INTEGER)`),
    ],
  },
  {
    name: 'factorial',
    kind: 'scalar',
    signatures: [
      signature('int', BIGINT, ([a = '']) =>
        once([a], ([n = '']) => `(CASE WHEN ${n} BETWEEN 0 AND 20 THEN CAST(factorial(${n}) AS BIGINT) END)`),
      ),
    ],
  },
  {
    name: 'bin',
    kind: 'scalar',
    signatures: [
      signature('bigint', 'string', ([a = '']) =>
        once([`CAST(${a} AS BIGINT)`], ([n = '']) => {
          const bits = `CAST(CAST(${n} AS BIT) AS VARCHAR)`;
          return `(CASE WHEN ${n} = 0 THEN '0' ELSE ltrim(${bits}, '0') END)`;
        }),
      ),
    ],
  },
];

import { BOOLEAN, INT, isNumeric, STRING, type SqlType, typeName, VOID } from '../../types.ts';
import { widerType, widestType } from '../../wider-type.ts';
import { castSql } from '../casts.ts';
import { type Entry, type Signature, signature } from '../entry.ts';
import { once } from '../once.ts';
import { comparable } from '../operators/comparisons.ts';
import { TYPE_FUNCTIONS } from './conversions.ts';

const first = ([a]: readonly SqlType[]): SqlType => a ?? VOID;

/** A comparison of printed values of two types. */
function compared(a: string, sign: '=' | '<=>', b: string, types: readonly SqlType[]): string | undefined {
  const [left, right] = types;
  const type = left === undefined || right === undefined ? undefined : comparable(sign, left, right);
  if (type === undefined || left === undefined || right === undefined) return undefined;
  const operator = sign === '=' ? '=' : 'IS NOT DISTINCT FROM';
  return `${castSql(a, left, type)} ${operator} ${castSql(b, right, type)}`;
}

const compares =
  (sign: '=' | '<=>') =>
  (args: readonly SqlType[]): readonly SqlType[] | undefined =>
    compared('', sign, '', args) === undefined ? undefined : args;

const EQUAL_OR_NULL: Signature = signature(
  'any, any',
  first,
  ([a = '', b = ''], { types }) =>
    once(
      [a, b],
      ([x = '', y = '']) => `(CASE WHEN ${compared(x, '=', y, types) ?? ''} THEN NULL ELSE ${x} END)`,
    ),
  { convert: compares('=') },
);

/** `decode(x, search, result, …, default)`: the result beside the first search that x is, also if both are NULL. */
const DECODE: Signature = signature(
  'any, any, any',
  ([, , result]) => result ?? VOID,
  (args, { types }) =>
    once(args, ([of = '', ...rest]) => {
      const pairs = rest.length - (rest.length % 2);
      const whens = Array.from({ length: pairs / 2 }, (_, pair) => {
        const at = 2 * pair;
        const sides = [types[0] ?? VOID, types[at + 1] ?? VOID];
        return `WHEN ${compared(of, '<=>', rest[at] ?? '', sides) ?? ''} THEN ${rest[at + 1] ?? ''}`;
      });
      const otherwise = rest.length > pairs ? ` ELSE ${rest.at(-1) ?? ''}` : '';
      return `(CASE ${whens.join(' ')}${otherwise} END)`;
    }),
  {
    rest: 'any',
    convert: (args) => {
      const isResult = (index: number): boolean =>
        index > 0 && (index % 2 === 0 || (index === args.length - 1 && args.length % 2 === 0));
      // Without a default there is a NULL, which is a text.
      const missing = args.length % 2 === 1 ? [STRING] : [];
      const type = widestType([...args.filter((_, index) => isResult(index)), ...missing]);
      const searches = args.every(
        (arg, index) =>
          index === 0 || isResult(index) || comparable('<=>', args[0] ?? VOID, arg) !== undefined,
      );
      return type === undefined || !searches
        ? undefined
        : args.map((arg, index) => (isResult(index) ? type : arg));
    },
  },
);

/** Functions that choose between values. */
export const CONDITIONS: readonly Entry[] = [
  {
    name: 'coalesce',
    kind: 'scalar',
    signatures: [
      signature('any', first, (args) => `coalesce(${args.join(', ')})`, {
        rest: 'any',
        convert: (args) => {
          const type = widestType(args);
          return type === undefined ? undefined : args.map(() => type);
        },
      }),
    ],
    examples: [
      'SELECT id, coalesce(c_int, c_double) AS a, coalesce(c_decimal_10_2, c_int, 0) AS b, coalesce(c_date, c_timestamp) AS c FROM everything',
      "SELECT id, coalesce(x, 'none') AS a, coalesce(NULL, x) AS b FROM ints",
    ],
  },
  {
    name: 'nvl',
    kind: 'scalar',
    aliases: ['ifnull'],
    signatures: [signature('T, T', 'T', (args) => `coalesce(${args.join(', ')})`)],
  },
  {
    name: 'nvl2',
    kind: 'scalar',
    signatures: [
      signature('any, T, T', 'T', ([a, b, c]) => `(CASE WHEN ${a} IS NOT NULL THEN ${b} ELSE ${c} END)`),
    ],
    examples: ['SELECT id, nvl2(x, y, 0) AS a, nvl2(x, 1, 2.5) AS b FROM ints'],
  },
  {
    name: 'if',
    kind: 'scalar',
    signatures: [signature('boolean, T, T', 'T', ([a, b, c]) => `(CASE WHEN ${a} THEN ${b} ELSE ${c} END)`)],
    examples: ["SELECT id, if(x > 2, x, y) AS a, if(x > 2, 'big', x) AS b, if(NULL, 1, 2.5) AS c FROM ints"],
  },
  {
    name: 'nullif',
    kind: 'scalar',
    signatures: [EQUAL_OR_NULL],
    examples: [
      "SELECT id, nullif(x, 2) AS a, nullif(x, '2') AS b, nullif(x, 2.0) AS c, nullif(x, NULL) AS d FROM ints",
      "SELECT id, nullif(x, '') AS a FROM strings",
      "SELECT id, nullif(x, double('nan')) AS a, nullif(x, 0) AS b FROM doubles",
    ],
  },
  {
    name: 'nullifzero',
    kind: 'scalar',
    signatures: [
      signature(
        'any',
        first,
        ([a = '']) => once([a], ([x = '']) => `(CASE WHEN ${x} = 0 THEN NULL ELSE ${x} END)`),
        // A text would stay one.
        { convert: ([a]) => (a !== undefined && isNumeric(a) ? [a] : undefined) },
      ),
    ],
  },
  {
    name: 'zeroifnull',
    kind: 'scalar',
    signatures: [
      signature('any', first, ([a], { result }) => `coalesce(${a}, ${castSql('0', INT, result)})`, {
        convert: ([a]) => {
          const isNumber = a !== undefined && (isNumeric(a) || a.kind === 'void');
          const type = isNumber ? widerType(a, INT) : undefined;
          return type === undefined ? undefined : [type];
        },
      }),
    ],
  },
  {
    name: 'decode',
    kind: 'scalar',
    signatures: [DECODE],
    examples: [
      "SELECT id, decode(x, 1, 'one', 2, 'two') AS a, decode(x, 1, 10, NULL, -1, 2.5) AS b, decode(x, '3', 'c', 7.0, 'd', 'e') AS c FROM ints",
      "SELECT id, decode(x, 'a', y, NULL, 'none', 'other') AS a FROM strings",
    ],
  },
  {
    name: 'equal_null',
    kind: 'scalar',
    signatures: [
      signature(
        'any, any',
        BOOLEAN,
        ([a = '', b = ''], { types }) => `(${compared(a, '<=>', b, types) ?? ''})`,
        {
          convert: compares('<=>'),
        },
      ),
    ],
  },
  { name: 'isnull', kind: 'scalar', signatures: [signature('any', BOOLEAN, ([a]) => `(${a} IS NULL)`)] },
  {
    name: 'isnotnull',
    kind: 'scalar',
    signatures: [signature('any', BOOLEAN, ([a]) => `(${a} IS NOT NULL)`)],
  },
  {
    name: 'typeof',
    kind: 'scalar',
    // The argument stays, because it may be an aggregate. The names of simple types hold no quotes.
    signatures: [
      signature('simple', STRING, ([a], { types: [of] }) => {
        const name = `'${typeName(of ?? VOID)}'`;
        return `(CASE WHEN ${a} IS NULL THEN ${name} ELSE ${name} END)`;
      }),
    ],
  },
  ...TYPE_FUNCTIONS,
];

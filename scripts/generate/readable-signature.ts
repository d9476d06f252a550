import type { Param, Signature } from '#features/sql/table/entry.ts';
import { matchSignature } from '#features/sql/table/match.ts';
import {
  BIGINT,
  BOOLEAN,
  DATE,
  decimal,
  DOUBLE,
  INT,
  sameType,
  type SqlType,
  STRING,
  TIMESTAMP,
  typeName,
} from '#features/sql/types.ts';

/** Patterns of the table that are not the name of a type. */
export const PATTERNS: Readonly<Record<string, { readonly word: string; readonly meaning: string }>> = {
  any: { word: 'any', meaning: 'a value of any type' },
  simple: { word: 'simple', meaning: 'a value of any type but arrays, maps and structs' },
  orderable: {
    word: 'ordered',
    meaning: 'a value of any type that has an order: all but maps and what contains one',
  },
  number: { word: 'number', meaning: 'a value of any type of numbers' },
  numeric: { word: 'number', meaning: 'a value of any type of numbers' },
  integral: { word: 'whole', meaning: 'a tinyint, smallint, int or bigint' },
  small: { word: 'days', meaning: 'a number of days: a tinyint, smallint or int' },
  floating: { word: 'floating', meaning: 'a float or double' },
  decimal: { word: 'decimal', meaning: 'a decimal of any precision and scale' },
  text: { word: 'string', meaning: 'a text' },
  moment: { word: 'moment', meaning: 'a date, timestamp or timestamp_ntz' },
  span: { word: 'span', meaning: 'an interval of days, hours, minutes and seconds' },
  interval_days: { word: 'span of days', meaning: 'an interval of whole days' },
  interval_day: { word: 'span', meaning: 'an interval of days, hours, minutes and seconds' },
  interval_month: { word: 'span of months', meaning: 'an interval of years and months' },
  timestamps: { word: 'timestamp', meaning: 'a timestamp or timestamp_ntz' },
  lambda: { word: 'lambda', meaning: 'a function such as `x -> x + 1` or `(a, b) -> a + b`' },
  unit: { word: 'unit', meaning: 'a unit of time, such as `DAY` or `MONTH`' },
  array: { word: 'array', meaning: 'an array of any type' },
  map: { word: 'map', meaning: 'a map of any types' },
};

/** `(string, constant int) → string`. A result that the table computes is found by trying some types. */
export function readableSignature(signature: Signature): string {
  const params = signature.params.map(readableParam);
  const rest = signature.rest === undefined ? [] : [`${readableParam(signature.rest)} …`];
  const result = readableResult(signature);
  return `(${[...params, ...rest].join(', ')})${result === undefined ? '' : ` → ${result}`}`;
}

function readableParam({ type, constant }: Param): string {
  return constant === true ? `constant ${readableType(type)}` : readableType(type);
}

function readableType(pattern: string): string {
  return pattern.replaceAll(/[a-z_]+/g, (word) => PATTERNS[word]?.word ?? word).replaceAll('<', '&lt;');
}

const TRIED = [INT, BIGINT, DOUBLE, decimal(10, 2), STRING, BOOLEAN, DATE, TIMESTAMP];

/** What a result may be, as it depends on the arguments' types; the first that holds for all types that fit. */
const RULES: readonly (readonly [words: string, type: (args: readonly SqlType[]) => SqlType | undefined])[] =
  [
    ['the same type', ([first]) => first],
    ['the type of the second argument', ([, second]) => second],
    ['an element', ([first]) => (first?.kind === 'array' ? first.element : undefined)],
    [
      'an array of that type',
      ([first]) => (first === undefined ? undefined : { kind: 'array', element: first }),
    ],
    ['a value of the map', ([first]) => (first?.kind === 'map' ? first.value : undefined)],
  ];

function readableResult(signature: Signature): string | undefined {
  const { result } = signature;
  if (typeof result === 'string') return readableType(result);
  if (typeof result !== 'function') return readableType(typeName(result));
  const found = TRIED.flatMap((type) => {
    const types = signature.params.map((one) => sample(one, type));
    const constants = { constants: types.map(({ kind }) => (kind === 'string' ? 'DAY' : '1')) };
    const match = matchSignature({ signatures: [signature] }, types, constants);
    return match === undefined ? [] : [match];
  });
  const [first] = found;
  if (first === undefined) return undefined;
  if (found.every((match) => sameType(match.result, first.result)) && found.length > 1)
    return readableType(typeName(first.result));
  return RULES.find(([, rule]) =>
    found.every(({ args, result: made }) => {
      const type = rule(args);
      return type !== undefined && sameType(type, made);
    }),
  )?.[0];
}

function sample({ type: pattern, constant }: Param, type: SqlType): SqlType {
  if (constant === true) return pattern === 'string' ? STRING : INT;
  if (pattern.startsWith('array')) return { kind: 'array', element: type };
  if (pattern.startsWith('map')) return { kind: 'map', key: STRING, value: type };
  return type;
}

import { AGGREGATES } from './aggregates/aggregates.ts';
import { COLLECTION_OPERATORS, COLLECTIONS } from './collections/collections.ts';
import { CONDITIONS } from './conditions/conditions.ts';
import { DATES } from './dates/dates.ts';
import { MOMENT_OPERATORS } from './dates/operators.ts';
import type { Entry } from './entry.ts';
import { GENERATORS } from './generators.ts';
import { MATHS } from './maths/maths.ts';
import { merged } from './merged.ts';
import { VALUE_OPERATORS } from './operators/operators.ts';
import { TEXT_OPERATORS } from './texts/operators.ts';
import { TEXTS } from './texts/texts.ts';
import { WINDOWS } from './windows.ts';

/** The functions by what they work on; the titles are those of docs/reference/functions.md. */
export const FAMILIES = {
  'Conditions and conversions': CONDITIONS,
  Numbers: MATHS,
  Texts: TEXTS,
  'Dates and times': DATES,
  'Arrays, maps and structs': COLLECTIONS,
  Aggregates: AGGREGATES,
  'Window functions': WINDOWS,
  'Functions that make rows': GENERATORS,
} as const satisfies Readonly<Record<string, readonly Entry[]>>;

/** Every function that a query may use. */
export const FUNCTIONS: readonly Entry[] = merged(Object.values(FAMILIES).flat());

/** Every operator, by its sign or keyword, with what each part of the table says of it. */
export const OPERATORS: readonly Entry[] = merged([
  ...VALUE_OPERATORS,
  ...MOMENT_OPERATORS,
  ...TEXT_OPERATORS,
  ...COLLECTION_OPERATORS,
]);

const BY_NAME = new Map(
  FUNCTIONS.flatMap((entry) => [entry.name, ...(entry.aliases ?? [])].map((name) => [name, entry] as const)),
);

const OPERATOR_BY_NAME = new Map(OPERATORS.map((entry) => [entry.name, entry]));

export function entryNamed(name: string): Entry | undefined {
  return BY_NAME.get(name);
}

export function names(): string[] {
  return [...BY_NAME.keys()];
}

export function findOperator(name: string): Entry | undefined {
  return OPERATOR_BY_NAME.get(name);
}

/** An operator that the compiler itself needs. */
export function operatorNamed(name: string): Entry {
  const entry = findOperator(name);
  if (entry === undefined) throw new TypeError(`The table has no operator ${name}.`);
  return entry;
}

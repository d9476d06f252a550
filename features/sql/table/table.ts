import { AGGREGATES } from './aggregates/aggregates.ts';
import { COLLECTIONS } from './collections.ts';
import { CONDITIONS } from './conditions.ts';
import { DATES } from './dates/dates.ts';
import { MOMENT_OPERATORS } from './dates/operators.ts';
import type { Entry } from './entry.ts';
import { GENERATORS } from './generators.ts';
import { MATHS } from './maths.ts';
import { OPERATORS as VALUE_OPERATORS } from './operators.ts';
import { TEXTS } from './texts.ts';
import { WINDOWS } from './windows.ts';

/** Every function that a query may use. */
export const FUNCTIONS: readonly Entry[] = [
  ...CONDITIONS,
  ...MATHS,
  ...TEXTS,
  ...DATES,
  ...COLLECTIONS,
  ...AGGREGATES,
  ...WINDOWS,
  ...GENERATORS,
];

const BY_NAME = new Map(
  FUNCTIONS.flatMap((entry) => [entry.name, ...(entry.aliases ?? [])].map((name) => [name, entry] as const)),
);

/** Every operator, with what each part of the table says of it. */
export const OPERATORS: readonly Entry[] = VALUE_OPERATORS.map((entry) => {
  const more = MOMENT_OPERATORS.filter(({ name }) => name === entry.name);
  return {
    ...entry,
    signatures: [entry, ...more].flatMap(({ signatures }) => signatures),
    examples: [entry, ...more].flatMap(({ examples = [] }) => examples),
  };
});

const OPERATOR_BY_NAME = new Map(OPERATORS.map((entry) => [entry.name, entry]));

export function entryNamed(name: string): Entry | undefined {
  return BY_NAME.get(name);
}

export function names(): string[] {
  return [...BY_NAME.keys()];
}

export function operatorNamed(name: string): Entry {
  const entry = OPERATOR_BY_NAME.get(name);
  if (entry === undefined) throw new TypeError(`The table has no operator ${name}.`);
  return entry;
}

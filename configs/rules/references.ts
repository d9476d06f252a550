import type { ErrorCode } from '#errors/catalogue.ts';
import { type ConfigKind, type ConfigSet, documentKey, type DocumentKey } from '../config-set.ts';
import { didYouMean } from '../did-you-mean.ts';
import type { ConfigPath } from '../problem.ts';
import type { Fault } from '../schema-problems.ts';
import type { ColumnType } from '../types/declared-type.ts';
import { kindOf } from '../types/kinds.ts';

/** Input of the rules between documents. */
export interface References {
  /** Every valid document, applied or new. */
  readonly configs: ConfigSet;
  /** Documents that exist but do not match their schema. A reference to one of them is not reported as a second mistake. */
  readonly invalid: ReadonlySet<DocumentKey>;
}

export function fault(
  code: ErrorCode,
  path: ConfigPath,
  message: string,
  more: { expected?: string | undefined; suggestion?: string | undefined; at?: 'key' } = {},
): Fault {
  return {
    code,
    path,
    at: more.at ?? 'value',
    message,
    ...(more.expected !== undefined && { expected: more.expected }),
    ...(more.suggestion !== undefined && { suggestion: more.suggestion }),
  };
}

/** The fault of a reference to a document that does not exist, if any. */
export function unknownName(
  references: References,
  kind: Extract<ConfigKind, 'Source' | 'FeatureSet'>,
  name: string,
  path: ConfigPath,
): Fault[] {
  const known = kind === 'Source' ? references.configs.sources : references.configs.featureSets;
  if (known.has(name) || references.invalid.has(documentKey({ kind, name }))) return [];
  const names = [...known.keys()];
  const expected = names.length === 0 ? `a ${kind} document of that name` : `one of ${names.join(', ')}`;
  const suggestion = didYouMean(name, names);
  return [fault('CONFIG_UNKNOWN_NAME', path, `there is no ${kind} ${name}`, { expected, suggestion })];
}

/** The fault of a reference to a column that is not in `columns`, if any. `owner` names what the columns belong to. */
export function unknownColumn(
  columns: readonly string[],
  column: string,
  path: ConfigPath,
  owner: string,
): Fault[] {
  if (columns.includes(column)) return [];
  const expected = `one of ${columns.join(', ')}`;
  const suggestion = didYouMean(column, columns);
  return [fault('CONFIG_UNKNOWN_COLUMN', path, `${owner} has no column ${column}`, { expected, suggestion })];
}

/** Faults of duplicate list entries. */
export function repeated(list: readonly string[], path: ConfigPath): Fault[] {
  return list.flatMap((entry, index) =>
    list.indexOf(entry) === index
      ? []
      : [fault('CONFIG_INVALID_VALUE', [...path, index], `${entry} appears twice in this list`)],
  );
}

/** Faults of bounds that are missing or that no value can satisfy. */
export function boundsFaults(bounds: { min?: number; max?: number }, path: ConfigPath): Fault[] {
  const { min, max } = bounds;
  if (min === undefined && max === undefined) {
    return [
      fault('CONFIG_INVALID_VALUE', path, 'neither a lower nor an upper bound is given', {
        expected: 'at least one of the two',
      }),
    ];
  }
  if (min === undefined || max === undefined || min <= max) return [];
  return [fault('CONFIG_INVALID_VALUE', path, `the lower bound ${min} is above the upper bound ${max}`)];
}

/** What to declare instead of a type that cannot identify anything. */
const INSTEAD: Readonly<Record<string, string>> = {
  float: 'bigint, decimal(38,0) or string: neighbours above 2^53 are one double, so rows would merge',
  double: 'bigint, decimal(38,0) or string: neighbours above 2^53 are one double, so rows would merge',
  array: 'a column of numbers, texts, dates or timestamps',
  map: 'a column of numbers, texts, dates or timestamps',
  struct: 'a column of numbers, texts, dates or timestamps',
};

/** The fault of a column by which rows are identified or joined, if its type cannot tell them apart. */
export function identityFaults(column: string, type: ColumnType | undefined, path: ConfigPath): Fault[] {
  const expected = type === undefined ? undefined : INSTEAD[kindOf(type)];
  if (expected === undefined) return [];
  return [
    fault('CONFIG_INVALID_VALUE', path, `column ${column} has type ${type}, which cannot identify a row`, {
      expected,
    }),
  ];
}

import type { Check } from '../checks.ts';
import type { FeatureSetConfig } from '../feature-set.ts';
import type { ColumnType } from '../names.ts';
import type { ConfigPath } from '../problem.ts';
import type { Fault } from '../schema-problems.ts';
import { boundsFaults, columnType, fault, type References, unknownColumn } from './references.ts';

interface Settings {
  readonly column?: string;
  readonly min_value?: number;
  readonly max_value?: number;
  readonly value_set?: readonly (string | number | boolean)[];
}

/** Faults of a check that its column's type already shows, so that no build fails after its whole query has run. */
export function checkFaults(
  set: FeatureSetConfig,
  check: Check,
  index: number,
  references: References,
): Fault[] {
  const [entry] = Object.entries(check) as [string, Settings][];
  if (entry === undefined) return [];
  const [name, settings] = entry;
  const path = ['checks', index, name];
  const { column, min_value, max_value, value_set = [] } = settings;
  const bounds = {
    ...(min_value !== undefined && { min: min_value }),
    ...(max_value !== undefined && { max: max_value }),
  };
  const columns = [set.entity, ...Object.keys(set.features)];
  const type = column === undefined ? undefined : typeOf(set, column, references);
  return [
    ...(column === undefined
      ? []
      : unknownColumn(columns, column, [...path, 'column'], `feature set ${set.name}`)),
    ...(name.endsWith('_to_be_between') ? boundsFaults(bounds, path) : []),
    ...(name.endsWith('_to_be_between') && type !== undefined && !isNumber(type)
      ? [notNumberFault(column ?? '', type, [...path, 'column'])]
      : []),
    ...value_set.flatMap((value, at) =>
      type === undefined ? [] : valueFaults(column ?? '', type, value, [...path, 'value_set', at]),
    ),
  ];
}

/** The declared type of a feature, or of the entity in the sources; undefined if another document decides it. */
function typeOf(set: FeatureSetConfig, column: string, { configs }: References): ColumnType | undefined {
  if (Object.hasOwn(set.features, column)) return set.features[column]?.type;
  if (column !== set.entity) return undefined;
  const sources = set.sources.map((name) => configs.sources.get(name)).filter((found) => found !== undefined);
  return sources.map((source) => columnType(source, column)).find((found) => found !== undefined);
}

function isNumber(type: ColumnType): boolean {
  return type === 'int' || type === 'bigint' || type === 'double';
}

function notNumberFault(column: string, type: ColumnType, path: ConfigPath): Fault {
  return fault('CONFIG_INVALID_VALUE', path, `column ${column} has type ${type}`, {
    expected: 'a column of numbers',
  });
}

/** What each type takes in a set; a column and a value of other types never match, or fail the whole query. */
function valueFaults(
  column: string,
  type: ColumnType,
  value: string | number | boolean,
  path: ConfigPath,
): Fault[] {
  const expected = expectedFor(type, value);
  if (expected === undefined) return [];
  const message = `column ${column} has type ${type}, and ${JSON.stringify(value)} is a ${wordFor(value)}`;
  return [fault('CONFIG_INVALID_VALUE', path, message, { expected })];
}

/** What would fit the type; undefined if the value does. */
function expectedFor(type: ColumnType, value: string | number | boolean): string | undefined {
  switch (type) {
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'true or false';
    case 'int':
      return Number.isInteger(value) ? undefined : 'a whole number';
    case 'bigint':
      return Number.isInteger(value) || (typeof value === 'string' && /^-?\d{1,19}$/.test(value))
        ? undefined
        : 'a whole number, in quotes above 2^53';
    case 'double':
      return typeof value === 'number' ? undefined : 'a number';
    case 'date':
    case 'timestamp':
    case 'string':
      return typeof value === 'string' ? undefined : 'text in quotes; YAML reads a bare 01 as the number 1';
  }
}

function wordFor(value: string | number | boolean): string {
  if (typeof value === 'number') return Number.isInteger(value) ? 'number' : 'fraction';
  return typeof value === 'boolean' ? 'boolean' : 'text';
}

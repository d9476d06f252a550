import type { Check } from '../checks.ts';
import { entityColumns } from '../entity.ts';
import type { FeatureSetConfig } from '../feature-set.ts';
import type { ColumnType } from '../types/declared-type.ts';
import type { ConfigPath } from '../problem.ts';
import type { Fault } from '../schema-problems.ts';
import { columnType } from '../source-columns.ts';
import { isNumberType } from '../types/kinds.ts';
import { type ColumnValue, valueFaults } from './column-values.ts';
import { boundsFaults, fault, type References, unknownColumn } from './references.ts';

interface Settings {
  readonly column?: string;
  readonly min_value?: number;
  readonly max_value?: number;
  readonly value_set?: readonly ColumnValue[];
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
  const columns = [...entityColumns(set), ...Object.keys(set.features)];
  const type = column === undefined ? undefined : typeOf(set, column, references);
  return [
    ...(column === undefined
      ? []
      : unknownColumn(columns, column, [...path, 'column'], `feature set ${set.name}`)),
    ...(name.endsWith('_to_be_between') ? boundsFaults(bounds, path) : []),
    ...(name.endsWith('_to_be_between') && type !== undefined && !isNumberType(type)
      ? [notNumberFault(column ?? '', type, [...path, 'column'])]
      : []),
    ...value_set.flatMap((value, at) =>
      type === undefined ? [] : valueFaults(column ?? '', type, value, [...path, 'value_set', at]),
    ),
  ];
}

/** The declared type of a feature, or of an entity column in the sources; undefined if another document decides it. */
function typeOf(set: FeatureSetConfig, column: string, { configs }: References): ColumnType | undefined {
  if (Object.hasOwn(set.features, column)) return set.features[column]?.type;
  if (!entityColumns(set).includes(column)) return undefined;
  const sources = set.sources.map((name) => configs.sources.get(name)).filter((found) => found !== undefined);
  return sources.map((source) => columnType(source, column)).find((found) => found !== undefined);
}

function notNumberFault(column: string, type: ColumnType, path: ConfigPath): Fault {
  return fault('CONFIG_INVALID_VALUE', path, `column ${column} has type ${type}`, {
    expected: 'a column of numbers',
  });
}

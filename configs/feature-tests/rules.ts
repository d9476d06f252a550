import type { ConfigSet } from '../config-set.ts';
import { didYouMean } from '../did-you-mean.ts';
import { entityColumns } from '../entity.ts';
import type { FeatureSetConfig } from '../feature-set.ts';
import type { ConfigPath } from '../problem.ts';
import { fault, unknownColumn } from '../rules/references.ts';
import type { Fault } from '../schema-problems.ts';
import { sourceColumns } from '../source-columns.ts';
import type { ColumnType } from '../types/declared-type.ts';
import { cellFaults } from './cell-faults.ts';
import type { FeatureTestYaml, GivenYaml, TestRow } from './schema.ts';

/** What a name under `given` stands for. The type of a set's entity follows from its sources and is not looked up here. */
interface Table {
  readonly owner: string;
  readonly columns: ReadonlyMap<string, ColumnType | undefined>;
  /** Columns that every row needs: without them it is never seen, or does not belong to the set. */
  readonly required: readonly string[];
}

/** Faults of tests against the documents that they name. */
export function testFaults({ feature_set, given, tests }: FeatureTestYaml, configs: ConfigSet): Fault[] {
  const set = configs.featureSets.get(feature_set);
  if (set === undefined) {
    const names = [...configs.featureSets.keys()];
    const suggestion = didYouMean(feature_set, names);
    return [
      fault('CONFIG_UNKNOWN_NAME', ['feature_set'], `there is no FeatureSet ${feature_set}`, { suggestion }),
    ];
  }
  const tables = tablesBelow(set, configs);
  const own = tableOfSet(set);
  const params = Object.keys(set.params);
  return [
    ...givenFaults(given, tables, ['given']),
    ...tests.flatMap((test, index) => [
      ...Object.keys(test.params).flatMap((name) =>
        params.includes(name)
          ? []
          : [
              fault(
                'CONFIG_UNKNOWN_NAME',
                ['tests', index, 'params', name],
                `${feature_set} has no param ${name}`,
                {
                  suggestion: didYouMean(name, params),
                  at: 'key',
                },
              ),
            ],
      ),
      ...givenFaults(test.given, tables, ['tests', index, 'given']),
      ...(test.expect ?? []).flatMap((row, at) => rowFaults(row, own, ['tests', index, 'expect', at])),
    ]),
  ];
}

/** Sources and sets that a set reads, also through other sets. */
function tablesBelow(set: FeatureSetConfig, configs: ConfigSet): ReadonlyMap<string, Table | 'both'> {
  const tables = new Map<string, Table | 'both'>();
  const add = (name: string, table: Table): void => {
    const before = tables.get(name);
    const same = before === undefined || before === 'both' || before.owner === table.owner;
    tables.set(name, same ? (before ?? table) : 'both');
  };
  const visit = ({ sources, feature_sets: sets }: FeatureSetConfig): void => {
    for (const name of sources) {
      const source = configs.sources.get(name);
      if (source === undefined) continue;
      const columns = new Map(sourceColumns(source).map((column) => [column.name, column.type]));
      add(name, { owner: `source ${name}`, columns, required: [source.known_time] });
    }
    for (const name of sets) {
      const below = configs.featureSets.get(name);
      if (below === undefined) continue;
      add(name, tableOfSet(below));
      visit(below);
    }
  };
  visit(set);
  return tables;
}

function tableOfSet({ name, features, ...set }: FeatureSetConfig): Table {
  const entity = entityColumns(set);
  const columns = Object.entries(features).map(([feature, { type }]): [string, ColumnType] => [
    feature,
    type,
  ]);
  return {
    owner: `feature set ${name}`,
    columns: new Map<string, ColumnType | undefined>([
      ...entity.map((column) => [column, undefined] as const),
      ...columns,
    ]),
    required: entity,
  };
}

function givenFaults(
  given: GivenYaml,
  tables: ReadonlyMap<string, Table | 'both'>,
  path: ConfigPath,
): Fault[] {
  return Object.entries(given).flatMap(([name, rows]) => {
    const table = tables.get(name);
    const at = [...path, name];
    if (table === 'both')
      return [
        fault(
          'CONFIG_UNKNOWN_NAME',
          at,
          `${name} is a source and a feature set; a test cannot give its rows`,
          { at: 'key' },
        ),
      ];
    if (table !== undefined) return rows.flatMap((row, index) => rowFaults(row, table, [...at, index]));
    const known = [...tables.keys()];
    return [
      fault('CONFIG_UNKNOWN_NAME', at, `the query reads no source and no feature set ${name}`, {
        expected: `one of ${known.join(', ')}`,
        suggestion: didYouMean(name, known),
        at: 'key',
      }),
    ];
  });
}

function rowFaults(row: TestRow, { owner, columns, required }: Table, path: ConfigPath): Fault[] {
  const why = owner.startsWith('source') ? 'it is never seen' : 'it is not a row of the set';
  const missing = required
    .filter((column) => !Object.hasOwn(row, column))
    .map((column) => fault('CONFIG_MISSING_KEY', path, `the row has no ${column}, without which ${why}`));
  return [
    ...missing,
    ...Object.entries(row).flatMap(([column, value]) => {
      const at = [...path, column];
      if (!columns.has(column)) return unknownColumn([...columns.keys()], column, at, owner);
      const type = columns.get(column);
      return type === undefined ? [] : cellFaults(column, type, value, at);
    }),
  ];
}

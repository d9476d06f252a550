import { ownFolder } from '../raw-location.ts';
import type { SourceConfig } from '../source.ts';
import { columnType, sourceColumns } from '../source-columns.ts';
import type { Fault } from '../schema-problems.ts';
import { isReservedSourceColumn, reservedFault, sameButForCase } from './column-names.ts';
import { knowledgeFaults } from './knowledge-rules.ts';
import { locationFaults } from './location-rules.ts';
import { fault, identityFaults, type References, repeated, unknownColumn } from './references.ts';

export function sourceFaults(source: SourceConfig, references: References): Fault[] {
  const columns = Object.keys(source.columns);
  const owner = `source ${source.name}`;
  const folder = ownFolder(source.location);
  return [
    ...(folder !== undefined
      ? [
          fault('CONFIG_INVALID_VALUE', ['location'], `the platform writes ${folder}/ itself`, {
            expected: 'a folder of raw data, such as raw/statements/',
          }),
        ]
      : []),
    ...source.keys.flatMap((key, index) => unknownColumn(columns, key, ['keys', index], owner)),
    ...repeated(source.keys, ['keys']),
    ...source.keys.flatMap((key, index) => identityFaults(key, columnType(source, key), ['keys', index])),
    ...knowledgeFaults(source),
    ...source.sensitive.flatMap((column, index) =>
      unknownColumn(columns, column, ['sensitive', index], owner),
    ),
    ...repeated(source.sensitive, ['sensitive']),
    ...sameButForCase(columns, ['columns']),
    ...sharedColumnFaults(source),
    ...columns
      .filter(isReservedSourceColumn)
      .map((column) => reservedFault(column, ['columns', column], 'key')),
    ...locationFaults(source, references),
  ];
}

/** Two names of one column in the files: the one could be sensitive and the other a feature. */
function sharedColumnFaults(source: SourceConfig): Fault[] {
  const seen = new Map<string, string>();
  return sourceColumns(source).flatMap(({ name, column }) => {
    const other = seen.get(column.toLowerCase());
    seen.set(column.toLowerCase(), other ?? name);
    // Names that differ only in case are reported as such.
    if (other === undefined || other.toLowerCase() === name.toLowerCase()) return [];
    const message = `${other} and ${name} both read the column ${column} of the files`;
    return [fault('CONFIG_INVALID_VALUE', ['columns', name], message, { at: 'key' })];
  });
}

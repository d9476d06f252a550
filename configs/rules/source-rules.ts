import type { SourceConfig } from '../source.ts';
import type { Fault } from '../schema-problems.ts';
import { columnType, fault, repeated, unknownColumn } from './references.ts';

/** Folders of the lake bucket that the platform itself writes to. */
const OWN_FOLDERS = [
  'airflow',
  'cards',
  'configs',
  'dag-specs',
  'dossiers',
  'features',
  'jobs',
  'models',
  'scores',
  'uploads',
];

export function sourceFaults(source: SourceConfig): Fault[] {
  const columns = Object.keys(source.columns);
  const owner = `source ${source.name}`;
  const isTime = (key: 'event_time' | 'known_time', column: string) => {
    const type = columnType(source, column);
    if (type === undefined) return unknownColumn(columns, column, [key], owner);
    if (type === 'date' || type === 'timestamp') return [];
    return [
      fault('CONFIG_INVALID_VALUE', [key], `column ${column} has type ${type}`, {
        expected: 'a column of type date or timestamp',
      }),
    ];
  };
  const folder = source.location.split('/', 1)[0] ?? '';
  return [
    ...(OWN_FOLDERS.includes(folder)
      ? [
          fault('CONFIG_INVALID_VALUE', ['location'], `the platform writes ${folder}/ itself`, {
            expected: 'a folder of raw data, such as raw/statements/',
          }),
        ]
      : []),
    ...source.keys.flatMap((key, index) => unknownColumn(columns, key, ['keys', index], owner)),
    ...repeated(source.keys, ['keys']),
    ...(source.event_time === undefined ? [] : isTime('event_time', source.event_time)),
    ...isTime('known_time', source.known_time),
    ...source.sensitive.flatMap((column, index) =>
      unknownColumn(columns, column, ['sensitive', index], owner),
    ),
    ...repeated(source.sensitive, ['sensitive']),
    ...sameButForCase(columns),
  ];
}

/** SQL treats `Amount` and `amount` as the same column. */
function sameButForCase(columns: readonly string[]): Fault[] {
  const seen = new Map<string, string>();
  return columns.flatMap((column) => {
    const other = seen.get(column.toLowerCase());
    seen.set(column.toLowerCase(), column);
    if (other === undefined) return [];
    const message = `SQL cannot tell column ${column} from ${other}`;
    return [fault('CONFIG_INVALID_VALUE', ['columns', column], message, { at: 'key' })];
  });
}

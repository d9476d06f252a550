import type { SourceConfig } from './source.ts';
import type { ColumnType } from './types/declared-type.ts';

/** A column of a source. */
export interface SourceColumn {
  /** The name by which documents and queries call it. */
  readonly name: string;
  /** Its name in the files. It is compared as Spark compares it: without case. */
  readonly column: string;
  readonly type: ColumnType;
}

/** The columns that a source declares, by name: applied documents do not keep the order of the text. */
export function sourceColumns({ columns }: Pick<SourceConfig, 'columns'>): SourceColumn[] {
  return Object.entries(columns)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, declared]) =>
      typeof declared === 'string' ? { name, column: name, type: declared } : { name, ...declared },
    );
}

/** One column by its name; undefined if the source does not declare it. */
export function sourceColumn(
  { columns }: Pick<SourceConfig, 'columns'>,
  name: string,
): SourceColumn | undefined {
  // Own keys only, since a column may be called `constructor`.
  const declared = Object.hasOwn(columns, name) ? columns[name] : undefined;
  if (declared === undefined) return undefined;
  return typeof declared === 'string' ? { name, column: name, type: declared } : { name, ...declared };
}

/** The type of a column; undefined if the source does not declare it. */
export function columnType(source: Pick<SourceConfig, 'columns'>, name: string): ColumnType | undefined {
  return sourceColumn(source, name)?.type;
}

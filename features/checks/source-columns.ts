import type { NamedColumn } from '#catalog/feature-configs.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { fitsSource } from './column-types.ts';
import type { FoundTable } from './found-table.ts';

/** A source as its config declares it. */
export interface DeclaredSource {
  readonly name: string;
  /** Key prefix of its files. */
  readonly location: string;
  readonly columns: readonly NamedColumn[];
}

/** Throws `SOURCE_COLUMN_MISSING` or `SOURCE_TYPE_DIFFERS` unless the files hold the declared columns. Files may have more columns. */
export function assertSourceColumns(source: DeclaredSource, found: FoundTable): void {
  const foundTypes = new Map(found.columns.map(({ name, type }) => [name, type]));
  const details = { source: source.name, found: found.columns };
  for (const { name: column, type: declared } of source.columns) {
    const type = foundTypes.get(column);
    const lacking = found.lacking.get(column);
    if (type === undefined)
      throw new MillraceError(
        'SOURCE_COLUMN_MISSING',
        `Source "${source.name}" declares column "${column}"; its files have ${[...foundTypes.keys()].join(', ')}.`,
        { where: source.location, details: { ...details, column } },
      );
    if (lacking !== undefined)
      throw new MillraceError(
        'SOURCE_COLUMN_MISSING',
        `Source "${source.name}" declares column "${column}"; ${filesWithout(lacking)}.`,
        {
          where: lacking[0] ?? source.location,
          details: { ...details, column, files: lacking.slice(0, 20) },
        },
      );
    if (!fitsSource(type, declared))
      throw new MillraceError(
        'SOURCE_TYPE_DIFFERS',
        `Source "${source.name}" declares column "${column}" as ${declared}; its files have ${type}.`,
        { where: source.location, details: { ...details, column, declared } },
      );
  }
}

function filesWithout(files: readonly string[]): string {
  const [first = ''] = files;
  return files.length === 1
    ? `the file ${first} lacks it`
    : `${files.length} files lack it, such as ${first}`;
}

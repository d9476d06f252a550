import type { SourceConfig } from '#configs/source.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { fitsSource } from './column-types.ts';
import type { FoundTable } from '../engines/engine.ts';

/** Throws `SOURCE_COLUMN_MISSING` or `SOURCE_TYPE_DIFFERS` unless the files hold what the source declares. More columns do no harm. */
export function assertSourceColumns(source: SourceConfig, found: FoundTable): void {
  const foundTypes = new Map(found.columns.map(({ name, type }) => [name, type]));
  const details = { source: source.name, found: found.columns };
  for (const [column, declared] of Object.entries(source.columns)) {
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
        `Source "${source.name}" declares column "${column}"; ${lacking.length} of its files lack it, such as ${lacking[0] ?? ''}.`,
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

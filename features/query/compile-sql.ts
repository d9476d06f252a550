import { MillraceError } from '#errors/millrace-error.ts';
import { compile, type CompiledQuery } from '../sql/compile.ts';
import { SqlFault } from '../sql/fault.ts';
import type { ReadableRelation } from '../sql/relation.ts';
import type { SelectedColumn } from '../checks/output-columns.ts';
import { lineAndColumn, lineOf } from './sql-place.ts';

/** Gives `file:line:column` for a line and a column of the SQL, both from 1; undefined if there is no file. */
export type PlaceOf = (line: number, column: number) => string | undefined;

/** `compile` with the errors of the catalogue. Throws `SQL_INVALID`, `SQL_NOT_TRANSLATABLE`, `FEATURE_FROM_SENSITIVE`. */
export function compileSql(
  sql: string,
  relations: readonly ReadableRelation[],
  placeOf: PlaceOf = () => undefined,
): CompiledQuery {
  try {
    return compile(sql, relations);
  } catch (error) {
    if (!(error instanceof SqlFault)) throw error;
    const { line, column } = lineAndColumn(sql, error.at);
    const where = placeOf(line, column);
    throw new MillraceError(error.code, error.message, {
      ...(where !== undefined && { where }),
      details: { ...error.details, line_text: lineOf(sql, line) },
    });
  }
}

/** Columns as the query gives them. */
export function outputColumns({ columns }: CompiledQuery): SelectedColumn[] {
  return columns.map(({ name, type }, index) => ({
    name: name ?? `(column ${index + 1}, which has no name)`,
    type,
  }));
}

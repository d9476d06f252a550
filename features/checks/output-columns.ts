import type { NamedColumn } from '#catalog/feature-configs.ts';
import { type SqlType, typeName } from '#configs/types/column-type.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { fitsFeature } from './column-types.ts';

/** A column that a query returns. */
export interface SelectedColumn {
  readonly name: string;
  readonly type: SqlType;
}

/**
 * Throws `PARTITION_COLUMNS_DIFFER` or `FEATURE_TYPE_DIFFERS` unless a query returns exactly the declared columns, in any order. Names
 * are compared as SQL compares them, without case.
 */
export function assertOutputColumns(
  declaredColumns: readonly NamedColumn[],
  found: readonly SelectedColumn[],
): void {
  const declared = declaredColumns.map(({ name }) => name);
  const selected = found.map(({ name }) => name);
  const missing = without(declared, selected);
  const extra = without(selected, declared);
  const twice = selected.filter(
    (name, index) => selected.findIndex((other) => isSame(other, name)) !== index,
  );
  const faults = [
    ...(missing.length > 0 ? [`declared but not selected: ${missing.join(', ')}`] : []),
    ...(extra.length > 0 ? [`selected but not declared: ${extra.join(', ')}`] : []),
    ...(twice.length > 0 ? [`selected twice: ${twice.join(', ')}`] : []),
  ];
  if (faults.length > 0)
    throw new MillraceError('PARTITION_COLUMNS_DIFFER', `Columns ${faults.join('; ')}.`, {
      details: { missing, extra, twice },
    });
  for (const { name, type } of declaredColumns) {
    const given = found.find((column) => isSame(column.name, name))?.type;
    if (given !== undefined && fitsFeature(given, type)) continue;
    const gives = given === undefined ? 'nothing' : typeName(given);
    const instead = INSTEAD[given?.kind ?? ''];
    throw new MillraceError(
      'FEATURE_TYPE_DIFFERS',
      `Column "${name}" is declared as ${type}; the query gives ${gives}${instead === undefined ? '' : `. ${instead}`}.`,
      { details: { column: name, declared: type, found: gives } },
    );
  }
}

/** What to write for values that no feature holds. */
const INSTEAD: Readonly<Record<string, string>> = {
  array: 'Select one value of it, such as size(…), element_at(…, 1) or array_join(…)',
  map: "Select one value of it, such as element_at(…, 'key') or size(…)",
  struct: 'Select a field of it, such as address.city',
  binary: 'Write CAST(… AS STRING) or hex(…)',
};

function without(names: readonly string[], others: readonly string[]): string[] {
  return names.filter((name) => !others.some((other) => isSame(other, name)));
}

function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

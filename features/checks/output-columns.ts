import type { NamedColumn } from '#catalog/feature-configs.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { fitsFeature } from './column-types.ts';
import type { FoundColumn } from './found-column.ts';

/**
 * Throws `PARTITION_COLUMNS_DIFFER` or `FEATURE_TYPE_DIFFERS` unless a query returns exactly the declared columns, in any order. Names
 * are compared as SQL compares them, without case.
 */
export function assertOutputColumns(
  declaredColumns: readonly NamedColumn[],
  found: readonly FoundColumn[],
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
    const given = found.find((column) => isSame(column.name, name))?.type ?? 'nothing';
    if (!fitsFeature(given, type))
      throw new MillraceError(
        'FEATURE_TYPE_DIFFERS',
        `Column "${name}" is declared as ${type}; the query gives ${given}.`,
        { details: { column: name, declared: type, found: given } },
      );
  }
}

function without(names: readonly string[], others: readonly string[]): string[] {
  return names.filter((name) => !others.some((other) => isSame(other, name)));
}

function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

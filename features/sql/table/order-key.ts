import { isNested, type SqlType } from '../types.ts';
import { nameSql } from '../text-sql.ts';

/**
 * A value that DuckDB orders as Spark orders `sql`. The two differ only inside structs and arrays, where a null comes first
 * in Spark and last in DuckDB, so each value inside has a flag before it.
 */
export function orderKey(sql: string, type: SqlType, depth = 0): string {
  if (!isNested(type)) return sql;
  const name = `o${depth}`;
  if (type.kind === 'array')
    return `list_transform(${sql}, lambda ${name}: ${flagged(name, type.element, depth + 1)})`;
  if (type.kind !== 'struct') return sql;
  // A lambda over a list of one, because the value is needed once for each field.
  const fields = type.fields.map(({ name: field, type: of }, index) => {
    const value = `${name}.${nameSql(field)}`;
    return `n${index}: ${value} IS NOT NULL, v${index}: ${orderKey(value, of, depth + 1)}`;
  });
  return `list_transform([${sql}], lambda ${name}: CASE WHEN ${name} IS NULL THEN NULL ELSE {${fields.join(', ')}} END)[1]`;
}

function flagged(name: string, type: SqlType, depth: number): string {
  return `{n: ${name} IS NOT NULL, v: ${orderKey(name, type, depth)}}`;
}

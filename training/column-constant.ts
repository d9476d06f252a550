import type { LabelValue } from '#configs/label.ts';
import { sqlLiteral } from '#features/query/sql-literal.ts';

/** A value as a Spark SQL constant of a column's type, so that no conversion of the column decides how they compare. */
export function columnConstant(value: LabelValue, type: string | undefined): string {
  if (typeof value === 'boolean' || type === 'string') return sqlLiteral(value);
  return `CAST(${sqlLiteral(String(value))} AS ${constantType(type)})`;
}

function constantType(type: string | undefined): string {
  if (type === 'double' || type === 'float') return 'DOUBLE';
  return type?.startsWith('decimal') === true ? type : 'BIGINT';
}

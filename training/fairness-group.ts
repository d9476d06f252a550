import { bandNames, columnOf, edgesOf, type FairnessAttribute } from '#configs/fairness.ts';
import type { SourceConfig } from '#configs/source.ts';
import { columnType } from '#configs/source-columns.ts';
import { addMonths } from '#features/calendar.ts';
import { dateLiteral, identifier, sqlLiteral } from '#features/query/sql-literal.ts';
import { columnConstant } from './column-constant.ts';

/**
 * Spark SQL for the group that a row of the source belongs to on a date (`YYYY-MM-DD`): the value of the column itself, or the
 * name of its band. Null if the value is missing, as NaN is.
 */
export function fairnessGroup(source: SourceConfig, attribute: FairnessAttribute, date: string): string {
  const column = columnOf(attribute);
  const name = identifier(column);
  const type = columnType(source, column);
  if (typeof attribute === 'string')
    return type === 'double' || type === 'float'
      ? `CASE WHEN ISNAN(${name}) THEN NULL ELSE ${name} END`
      : name;
  const conditions =
    'bands' in attribute
      ? attribute.bands.map((edge) => `${name} < ${columnConstant(edge, type)}`)
      : attribute.age_bands.map((age) => `${name} > ${dateLiteral(addMonths(date, -12 * age))}`);
  const names = bandNames(edgesOf(attribute) ?? []).map(sqlLiteral);
  const missing =
    type === 'double' || type === 'float' ? `${name} IS NULL OR ISNAN(${name})` : `${name} IS NULL`;
  const whens = conditions.map((condition, index) => `WHEN ${condition} THEN ${names[index]}`);
  return `CASE WHEN ${missing} THEN NULL ${whens.join(' ')} ELSE ${names.at(-1)} END`;
}

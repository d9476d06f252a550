import type { LabelValue } from '#configs/label.ts';
import type { SourceConfig } from '#configs/source.ts';
import { columnType } from '#configs/source-columns.ts';
import { identifier } from '#features/query/sql-literal.ts';
import { columnConstant } from './column-constant.ts';

/** How facts of a source become labels. */
export interface FrameLabel {
  readonly source: SourceConfig;
  readonly column: string;
  /** Values that mean 1; by default, the column holds 0 and 1 itself. */
  readonly positive?: readonly LabelValue[];
  /** Label of an entity without a fact in its window; by default, it has none. */
  readonly absent?: 0;
}

/** Spark SQL for the label of one fact: 1, 0, or null without one. What is neither, such as NaN, stays as it is, to be refused. */
export function labelValue({ source, column, positive }: FrameLabel): string {
  const name = identifier(column);
  const itself = `CAST(${name} AS DOUBLE)`;
  if (positive === undefined) return itself;
  const type = columnType(source, column);
  const matches = positive.map((value) => `${name} = ${columnConstant(value, type)}`).join(' OR ');
  const nan = type === 'double' || type === 'float' ? `WHEN ISNAN(${name}) THEN ${itself} ` : '';
  return `CASE WHEN ${name} IS NULL THEN NULL ${nan}WHEN ${matches} THEN CAST(1 AS DOUBLE) ELSE CAST(0 AS DOUBLE) END`;
}

import { columnOf, type FairnessAttribute } from '#configs/fairness.ts';
import type { FeatureSetConfig } from '#configs/feature-set.ts';
import type { SourceConfig } from '#configs/source.ts';
import { columnType } from '#configs/source-columns.ts';
import { type FeatureConfigs, type NamedColumn, partitionColumns } from '#catalog/feature-configs.ts';
import type { BusinessDate } from '#features/query/availability.ts';
import { knownRows, startLiteral } from '#features/query/point-in-time.ts';
import { dateLiteral, identifier } from '#features/query/sql-literal.ts';
import { fairnessGroup } from './fairness-group.ts';
import { type FrameLabel, labelValue } from './label-value.ts';

/** Inputs that a training frame joins. Dates are `YYYY-MM-DD`. */
export interface FramePlan {
  readonly set: FeatureSetConfig;
  readonly configs: FeatureConfigs;
  /** Columns of the entity. */
  readonly entity: readonly string[];
  /** The as-of date of the labels. */
  readonly at: BusinessDate;
  /** One per partition, which is the relation `partition__<index>`. */
  readonly dates: readonly { readonly dt: string; readonly labelEnd: string }[];
  readonly label: FrameLabel;
  readonly fairness?: {
    readonly source: SourceConfig;
    /** Columns of the entity that the source has, at least one; rows are joined on these. */
    readonly shared: readonly string[];
    readonly attributes: readonly FairnessAttribute[];
  };
}

/** Columns of the entity, `dt`, features by name, `label`, then attributes as `attr_<name>`. */
export function frameColumns({ entity, set, configs, fairness }: FramePlan): NamedColumn[] {
  const columns = partitionColumns(set, configs);
  const attributes = (fairness?.attributes ?? []).map((attribute) => ({
    name: `attr_${columnOf(attribute)}`,
    type:
      (typeof attribute === 'string' && fairness ? columnType(fairness.source, attribute) : undefined) ??
      'string',
  }));
  return [
    ...columns.slice(0, entity.length),
    { name: 'dt', type: 'date' },
    ...columns.slice(entity.length),
    { name: 'label', type: 'double' },
    ...attributes,
  ];
}

/** Facts with labels that were known at the as-of date, for the relation `facts` over the label's source. */
export function factRows({ entity, at, label }: FramePlan): string {
  const columns = [...new Set([...entity, timeOf(label.source), label.column])];
  return knownRows(label.source, { at }, columns);
}

/** For the relation `attributes`: the newest fact per shared key as it was known on each partition's date. */
export function attributeRows(
  { at, dates }: FramePlan,
  { source, shared, attributes }: NonNullable<FramePlan['fairness']>,
): string {
  const time = timeOf(source);
  const columns = [...new Set([...shared, ...attributes.map(columnOf), ...source.keys, time])];
  const keys = shared.map(identifier).join(', ');
  const groups = (date: string) =>
    attributes.map((one) => `${fairnessGroup(source, one, date)} AS ${identifier(columnOf(one))}`).join(', ');
  // The source may hold a history per entity, or several rows for the columns that it shares with it.
  const order = [time, ...source.keys].map((name) => `${identifier(name)} DESC NULLS LAST`).join(', ');
  const onDates = dates.map(
    ({ dt }) =>
      `SELECT ${dateLiteral(dt)} AS ${DATE}, ${keys}, ${groups(dt)} FROM (SELECT ${columns.map(identifier).join(', ')}, ` +
      `ROW_NUMBER() OVER (PARTITION BY ${keys} ORDER BY ${order}) AS millrace_newness FROM (` +
      `${knownRows(source, { at: { ...at, date: dt }, happened: 'before' }, columns)}) AS known_on_date) AS ranked ` +
      'WHERE millrace_newness = 1',
  );
  return onDates.join(' UNION ALL ');
}

/** The frame as one Spark SQL statement over `partition__<index>`, `facts` and, with fairness, `attributes`. */
export function frameQuery(plan: FramePlan): string {
  const { entity, dates, set, fairness } = plan;
  const keys = entity.map(identifier);
  const features = Object.keys(set.features).map((name) => identifier(name));
  const rows = dates.map(
    ({ dt }, index) =>
      `SELECT ${dateLiteral(dt)} AS ${DATE}, ${[...keys, ...features].join(', ')} FROM partition__${index}`,
  );
  const attributes = (fairness?.attributes ?? []).map(
    (one) => `a.${identifier(columnOf(one))} AS ${identifier(`attr_${columnOf(one)}`)}`,
  );
  const columns = [
    ...keys.map((key) => `r.${key}`),
    `r.${DATE} AS dt`,
    ...features.map((name) => `r.${name}`),
    'l.label',
    ...attributes,
  ];
  return [
    `WITH feature_rows AS (${rows.join(' UNION ALL ')}),`,
    `labels AS (${labelRows(plan)})`,
    `SELECT ${columns.join(', ')} FROM feature_rows AS r`,
    `JOIN labels AS l ON ${sameRow('l', keys)}`,
    ...(fairness === undefined
      ? []
      : [`LEFT JOIN attributes AS a ON ${sameRow('a', fairness.shared.map(identifier))}`]),
  ].join('\n');
}

/** That a row of a relation belongs to a row of `feature_rows`. */
function sameRow(relation: string, keys: readonly string[]): string {
  return [DATE, ...keys].map((column) => `${relation}.${column} = r.${column}`).join(' AND ');
}

/**
 * One label per row of `feature_rows` that has one: of the facts in its label window, which are known in full. Facts without a
 * label count as unknown. One aggregate per date, so that the join needs only equality, whatever the number of dates.
 */
function labelRows({ entity, at, dates, label }: FramePlan): string {
  const keys = entity.map(identifier);
  const key = keys.join(', ');
  const time = identifier(timeOf(label.source));
  const start = (date: string): string => startLiteral(label.source, timeOf(label.source), { ...at, date });
  const found = dates.map(
    ({ dt, labelEnd }) =>
      `SELECT ${dateLiteral(dt)} AS ${DATE}, ${key}, MAX(${labelValue(label)}) AS label FROM facts ` +
      `WHERE ${time} >= ${start(dt)} AND ${time} < ${start(labelEnd)} GROUP BY ${key}`,
  );
  const facts = found.join(' UNION ALL ');
  if (label.absent === undefined)
    return `SELECT ${DATE}, ${key}, label FROM (${facts}) AS found WHERE label IS NOT NULL`;
  const ofRow = keys.map((column) => `r.${column}`).join(', ');
  return (
    `SELECT r.${DATE}, ${ofRow}, CASE WHEN f.${DATE} IS NULL THEN CAST(${label.absent} AS DOUBLE) ELSE f.label END AS label ` +
    `FROM feature_rows AS r LEFT JOIN (${facts}) AS f ON ${sameRow('f', keys)} ` +
    `WHERE f.${DATE} IS NULL OR f.label IS NOT NULL`
  );
}

/** A name that no column can have: raw tables and partitions may have a column \`dt\`. */
const DATE = 'millrace_dt';

function timeOf(source: SourceConfig): string {
  return source.event_time ?? source.known_time;
}

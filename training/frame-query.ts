import type { FeatureSetConfig } from '#configs/feature-set.ts';
import type { SourceConfig } from '#configs/source.ts';
import { type FeatureConfigs, type NamedColumn, partitionColumns } from '#catalog/feature-configs.ts';
import { knownRows } from '#features/query/point-in-time.ts';
import { dateLiteral, identifier, timestampLiteral } from '#features/query/sql-literal.ts';

/** Inputs that a training frame joins. Dates are `YYYY-MM-DD`. */
export interface FramePlan {
  readonly set: FeatureSetConfig;
  readonly configs: FeatureConfigs;
  readonly entity: string;
  readonly asOf: string;
  /** One per partition, which is the relation `partition__<index>`. */
  readonly dates: readonly { readonly dt: string; readonly labelEnd: string }[];
  readonly label: { readonly source: SourceConfig; readonly column: string };
  readonly fairness?: { readonly source: SourceConfig; readonly attributes: readonly string[] };
}

/** Entity, `dt`, features by name, `label`, then attributes as `attr_<name>`. */
export function frameColumns({ set, configs, fairness }: FramePlan): NamedColumn[] {
  const [entity, ...features] = partitionColumns(set, configs);
  const attributes = (fairness?.attributes ?? []).map((name) => ({
    name: `attr_${name}`,
    type: fairness?.source.columns[name] ?? 'string',
  }));
  return [
    ...(entity === undefined ? [] : [entity]),
    { name: 'dt', type: 'date' },
    ...features,
    { name: 'label', type: 'double' },
    ...attributes,
  ];
}

/** Facts with labels that were known at the as-of date, for the relation `facts` over the label's source. */
export function factRows({ entity, asOf, label }: FramePlan): string {
  const time = label.source.event_time ?? label.source.known_time;
  return knownRows(label.source, { knownOn: asOf }, [...new Set([entity, time, label.column])]);
}

/** The frame as one Spark SQL statement over `partition__<index>`, `facts` and, with fairness, `attributes`. */
export function frameQuery(plan: FramePlan): string {
  const { entity, label, fairness } = plan;
  const key = identifier(entity);
  const time = label.source.event_time ?? label.source.known_time;
  // One aggregate per date, so that the join needs only equality, whatever the number of dates.
  const labels = plan.dates.map(
    ({ dt, labelEnd }) =>
      `SELECT ${dateLiteral(dt)} AS dt, ${key}, MAX(CAST(${identifier(label.column)} AS DOUBLE)) AS label FROM facts ` +
      `WHERE ${identifier(time)} >= ${moment(label.source, time, dt)} AND ${identifier(time)} < ${moment(label.source, time, labelEnd)} ` +
      `AND ${identifier(label.column)} IS NOT NULL GROUP BY ${key}`,
  );
  const features = Object.keys(plan.set.features).map(identifier);
  const rows = plan.dates.map(
    ({ dt }, index) =>
      `SELECT ${dateLiteral(dt)} AS dt, ${[key, ...features].join(', ')} FROM partition__${index}`,
  );
  const attributes = (fairness?.attributes ?? []).map(
    (name) => `a.${identifier(name)} AS ${identifier(`attr_${name}`)}`,
  );
  return [
    `WITH labels AS (${labels.join(' UNION ALL ')}),`,
    `feature_rows AS (${rows.join(' UNION ALL ')})`,
    `SELECT r.*, l.label${attributes.map((attribute) => `, ${attribute}`).join('')}`,
    `FROM feature_rows AS r JOIN labels AS l ON l.dt = r.dt AND l.${key} = r.${key}`,
    ...(fairness === undefined ? [] : [`LEFT JOIN attributes AS a ON a.${key} = r.${key}`]),
  ].join('\n');
}

/** For the relation `attributes`: the newest known fact per entity, since a source may hold a history. */
export function attributeRows(
  { entity, asOf }: FramePlan,
  fairness: NonNullable<FramePlan['fairness']>,
): string {
  const { source, attributes } = fairness;
  const columns = [
    ...new Set([entity, ...attributes, ...source.keys, source.event_time ?? source.known_time]),
  ];
  const known = knownRows(source, { knownOn: asOf }, columns);
  const order = [source.event_time ?? source.known_time, ...source.keys].map(
    (name) => `${identifier(name)} DESC`,
  );
  const names = [entity, ...attributes].map(identifier).join(', ');
  return (
    `SELECT ${names} FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY ${identifier(entity)} ORDER BY ${order.join(', ')}) AS newness ` +
    `FROM (${known}) AS known_attributes) AS ranked WHERE newness = 1`
  );
}

function moment(source: SourceConfig, column: string, date: string): string {
  return source.columns[column] === 'timestamp' ? timestampLiteral(date) : dateLiteral(date);
}

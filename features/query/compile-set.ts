import type { FeatureConfigs } from '#catalog/feature-configs.ts';
import type { FeatureSetConfig } from '#configs/feature-set.ts';
import { featureQuery, type FeatureQuery } from './feature-query.ts';
import { renderSql } from './render.ts';
import { dateLiteral } from './sql-literal.ts';

/**
 * Compiles a feature set for one partition date; reads no data. Checks the query at the other dates too, because a
 * template may render to other SQL on another date. Runs only in the child process of `compile-service.ts`. Errors are
 * those of `featureQuery`.
 */
export function compileSet(
  set: FeatureSetConfig,
  configs: FeatureConfigs,
  { dt, others = [] }: { readonly dt: string; readonly others?: readonly string[] },
  step: (name: 'render' | 'compile') => void,
): FeatureQuery {
  step('render');
  const rendered = renderSql(set, dt);
  step('compile');
  const query = featureQuery(set, configs, dt, rendered);
  if (!dependsOnDate(set)) return query;
  const checked = new Set([shapeOf(rendered.sql, dt)]);
  for (const other of others) {
    step('render');
    const again = renderSql(set, other);
    const shape = shapeOf(again.sql, other);
    if (checked.has(shape)) continue;
    checked.add(shape);
    step('compile');
    featureQuery(set, configs, other, again);
  }
  return query;
}

/** Whether the template does more with the date than to write it down. A macro cannot tell a param's date from that of the partition. */
function dependsOnDate({ sql_text: sql, macro_texts: macros, params }: FeatureSetConfig): boolean {
  const isDate = (value: unknown): boolean => typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value);
  if (Object.values(params).some(isDate)) return true;
  return [sql, ...macros].some((text) => /\bds\b/.test(text.replaceAll(/\{\{-?\s*ds\s*-?\}\}/g, '')));
}

/** The SQL without the date: what is the same on two dates is compiled once. */
function shapeOf(sql: string, dt: string): string {
  return sql.replaceAll(dateLiteral(dt), 'DATE ?').replaceAll(dt, '?');
}

import type { FeatureConfigs } from '#catalog/feature-configs.ts';
import type { FeatureSetConfig } from '#configs/feature-set.ts';
import { bindQuery } from '../engines/duckdb/bind-query.ts';
import { featureQuery, type FeatureQuery } from './feature-query.ts';
import { renderSql } from './render.ts';

/**
 * Compiles a feature set for one partition date and checks that an engine can bind the query; reads no data. Runs only in
 * the child process of `compile-service.ts`. Errors are those of `featureQuery` and `bindQuery`.
 */
export async function compileSet(
  set: FeatureSetConfig,
  configs: FeatureConfigs,
  dt: string,
  step: (name: 'render' | 'compile') => void,
): Promise<FeatureQuery> {
  step('render');
  const rendered = renderSql(set, dt);
  step('compile');
  const query = featureQuery(set, configs, dt, rendered);
  await bindQuery(query);
  return query;
}

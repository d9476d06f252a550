import { join } from 'node:path';
import { loadConfigs } from '#configs/load.ts';
import { readConfigFolder } from '#configs/read-folder.ts';
import type { ConfigDocument } from '#configs/config-set.ts';
import type { FeatureSetConfig } from '#configs/feature-set.ts';
import type { ModelConfig } from '#configs/model.ts';
import { defaultPlatform } from '#configs/platform.ts';
import { ROOT } from '#local/tools.ts';

export interface BenchModels {
  readonly documents: readonly ConfigDocument[];
  readonly set: FeatureSetConfig;
  readonly models: readonly ModelConfig[];
  /** Days after the newest partition until its labels are complete. */
  readonly asOf: string;
}

/** Lives that are to run at once do not wait for each other. */
const UNLIMITED: ConfigDocument = {
  ...defaultPlatform,
  jobs: { at_once: 10_000, per_team: 10_000, teams: {} },
};

/** The generated machines example, with its model under many names: each name is a separate pair. */
export async function benchModels(count: number): Promise<BenchModels> {
  const { documents, declared } = loadConfigs(
    await readConfigFolder(join(ROOT, 'configs/examples/machines')),
  );
  const [model] = documents.models.values();
  const set = documents.featureSets.get(model?.feature_set ?? '');
  if (model === undefined || set?.partition.end === undefined)
    throw new Error('The machines example no longer has the documents that this bench needs.');
  const one: ModelConfig = {
    ...model,
    label: { ...model.label, window: 1 },
    split: { kind: 'by_entity', test_share: 0.3 },
    gates: {},
    deploy: { ...model.deploy, go_live: { after: '1s' } },
  };
  const models = Array.from({ length: count }, (_, index) => ({ ...one, name: `bench_${index}` }));
  return {
    documents: [...declared.filter(({ kind }) => kind !== 'Model'), ...models, UNLIMITED],
    set,
    models,
    asOf: set.partition.end,
  };
}

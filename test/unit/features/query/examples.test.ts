import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadConfigs } from '#configs/load.ts';
import { readConfigFolder } from '#configs/read-folder.ts';
import { featureQuery } from '#features/query/feature-query.ts';

const EXAMPLES = 'configs/examples';

test('every example’s SQL compiles, and each feature comes from declared, not sensitive, raw columns', async () => {
  let features = 0;
  for (const folder of await readdir(EXAMPLES)) {
    const { documents: configs } = loadConfigs(await readConfigFolder(join(EXAMPLES, folder)));
    for (const set of configs.featureSets.values()) {
      const { lineage, columns } = featureQuery(set, configs, set.partition.start);
      assert.deepEqual(
        [set.entity, ...lineage.map(({ feature }) => feature)],
        columns.map(({ name }) => name),
      );
      for (const { feature, sources, expression } of lineage) {
        features += 1;
        assert.ok(sources.length > 0 && expression.length > 0, feature);
        for (const origin of sources) {
          const [source = '', column = ''] = origin.split('.');
          assert.ok(configs.sources.get(source)?.columns[column] !== undefined, `${feature} from ${origin}`);
          assert.ok(!configs.sources.get(source)?.sensitive.includes(column), `${feature} from ${origin}`);
        }
      }
    }
  }
  assert.ok(features > 0);
});

import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadConfigs } from '#configs/load.ts';
import { readConfigFolder } from '#configs/read-folder.ts';
import { ROOT } from '#local/tools.ts';

const PRODUCT = [
  '{errors,configs,platform,access,catalog,features,training,registry,scoring,airflow,stores,plan,workflows,activities,workers,bootstrap,api,client,local,cli,bench}/**/*.{ts,mjs,py}',
  'trainer/millrace_trainer/**/*.py',
  'scripts/**/*.{ts,mjs}',
];
/** The examples themselves, and the loader that makes their raw tables. */
const MAY_NAME = /^(configs\/examples|scripts\/data)\//;

test('no code of the product names a model, feature set or column of the examples', async () => {
  const names = new Set<string>();
  for (const example of ['credit', 'machines']) {
    const { documents } = loadConfigs(await readConfigFolder(join(ROOT, 'configs/examples', example)));
    const { models, featureSets, sources } = documents;
    for (const name of [...models.keys(), ...featureSets.keys()]) names.add(name);
    for (const set of featureSets.values()) for (const name of Object.keys(set.features)) names.add(name);
    for (const source of sources.values()) for (const name of Object.keys(source.columns)) names.add(name);
  }
  // Single words such as "age" or "site" are English first.
  const distinctive = [...names].filter((name) => name.includes('_') && name !== 'loaded_at');
  assert.ok(distinctive.length > 20);
  const found = globSync(PRODUCT, { cwd: ROOT })
    .filter((path) => !MAY_NAME.test(path) && !path.startsWith('airflow/test/'))
    .flatMap((path) => {
      const text = readFileSync(join(ROOT, path), 'utf8');
      return distinctive
        .filter((name) => new RegExp(`\\b${name}\\b`).test(text))
        .map((name) => `${path}: ${name}`);
    });
  assert.deepEqual(found, []);
});

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { loadConfigs } from '#configs/load.ts';
import { problemText } from '#configs/problem.ts';
import { readConfigFolder } from '#configs/read-folder.ts';

const examples = new URL('../../../configs/examples/', import.meta.url);
const read = (folder: string) => readConfigFolder(new URL(folder, examples).pathname);

for (const folder of ['credit', 'machines']) {
  test(`the example ${folder} is valid, and its card texts are complete`, async () => {
    const { documents, problems } = loadConfigs(await read(folder));
    assert.deepEqual(problems.map(problemText), []);
    for (const model of documents.models.values()) {
      const empty = Object.entries(model.card).filter(([, text]) => text === '');
      assert.deepEqual(empty, []);
    }
  });
}

test('the challenger differs from the model it challenges in its parameters alone', async () => {
  const existing = loadConfigs(await read('credit')).documents;
  const { documents, declared, problems } = loadConfigs(await read('credit-challenger'), { existing });
  assert.deepEqual(problems.map(problemText), []);
  assert.equal(declared.length, 1);
  const before = existing.models.get('default_risk');
  const after = documents.models.get('default_risk');
  assert.notDeepEqual(after?.params, before?.params);
  assert.deepEqual({ ...after, params: {} }, { ...before, params: {} });
});

test('examples name their schema for editors', async () => {
  for (const folder of ['credit', 'credit-challenger', 'machines']) {
    for (const { path, text } of await read(folder)) {
      if (!path.endsWith('.yaml')) continue;
      const [, schema = ''] = /^# yaml-language-server: \$schema=(.*)\n/.exec(text) ?? [];
      const target = new URL(schema, new URL(`${folder}/${path}`, examples));
      assert.match(await readFile(target, 'utf8'), /"\$schema"/, path);
    }
  }
});

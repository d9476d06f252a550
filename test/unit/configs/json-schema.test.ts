import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { editorSchemas } from '#configs/config-json-schema.ts';
import { configReference } from '#configs/config-reference.ts';

const root = new URL('../../../', import.meta.url);

test('configs/json-schema is what the loader’s schemas say; `node configs/write-json-schema.ts` writes it anew', async () => {
  const folder = new URL('configs/json-schema/', root);
  const schemas = editorSchemas();
  assert.deepEqual((await readdir(folder)).toSorted(), [...schemas.keys()].toSorted());
  for (const [name, schema] of schemas) {
    assert.deepEqual(
      JSON.parse(await readFile(new URL(name, folder), 'utf8')),
      structuredClone(schema),
      name,
    );
  }
});

test('docs/configs.md lists the keys that the loader’s schemas have', async () => {
  const page = await readFile(new URL('docs/configs.md', root), 'utf8');
  assert.ok(page.endsWith(configReference()), 'run node configs/write-json-schema.ts');
});

test('every key has a meaning that editors and the reference can show', () => {
  const silent = configReference()
    .split('\n')
    .filter((line) => line.startsWith('| `') && line.endsWith('|  |'))
    .filter((line) => !/^\| `(.*\.)?kind`/.test(line));
  assert.deepEqual(silent, []);
});

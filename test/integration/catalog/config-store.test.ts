import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { test } from 'node:test';
import type { ConfigDocument } from '#configs/config-set.ts';
import { loadConfigs } from '#configs/load.ts';
import { readConfigFolder } from '#configs/read-folder.ts';
import type { ErrorCode } from '#errors/catalogue.ts';
import { hasCode } from '#errors/cause.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { EMPTY_BASE_DIGEST } from '#catalog/applied-configs.ts';
import { createConfigStore } from '#catalog/config-store.ts';
import { freshStores } from '#test/support/stores.ts';

const examples = new URL('../../../configs/examples/', import.meta.url);

async function example(folder: string): Promise<readonly ConfigDocument[]> {
  const { declared, problems } = loadConfigs(await readConfigFolder(new URL(folder, examples).pathname));
  assert.deepEqual(problems, []);
  return declared;
}

function renamed(documents: readonly ConfigDocument[], owner: string): ConfigDocument[] {
  return documents.map((document) => (document.kind === 'Model' ? { ...document, owner } : document));
}

const isCode = (code: ErrorCode) => (error: unknown) => hasCode(error, code);

test('what was applied is read back the same, by a store that has nothing in memory', async () => {
  await using stores = await freshStores();
  const { objects, table } = stores;
  const store = createConfigStore(table, objects);
  assert.equal((await store.current()).base_digest, EMPTY_BASE_DIGEST);
  const folders = (await readdir(examples)).filter((folder) => folder !== 'credit-challenger');
  const all = (await Promise.all(folders.map(example))).flat();
  const result = await store.apply(all, EMPTY_BASE_DIGEST, 'ada', 'first');
  assert.equal(result.revision, 1);
  assert.equal(result.created.length, all.length);

  const read = await createConfigStore(table, objects).current();
  assert.equal(read.base_digest, result.base_digest);
  const again = loadConfigs(
    (await Promise.all(folders.map((folder) => readConfigFolder(new URL(folder, examples).pathname)))).flat(),
  );
  assert.deepEqual(read.configs, again.documents);
  assert.deepEqual(
    [...read.authors.values()],
    all.map(() => 'ada'),
  );
});

test('the author of a document is who last changed it, and history keeps each revision', async () => {
  await using stores = await freshStores();
  const { objects, table } = stores;
  const store = createConfigStore(table, objects);
  const documents = await example('credit');
  const first = await store.apply(documents, EMPTY_BASE_DIGEST, 'ada', 'first');
  const second = await store.apply(renamed(documents, 'risk-two'), first.base_digest, 'bob', 'second');
  assert.deepEqual(second.changed, ['Model/default_risk']);
  assert.deepEqual(second.created, []);

  const { authors, configs } = await store.current();
  assert.equal(authors.get('Model/default_risk'), 'bob');
  assert.equal(authors.get('Source/customers'), 'ada');
  assert.equal(configs.models.get('default_risk')?.owner, 'risk-two');
  const old = await store.at(first.base_digest);
  assert.equal(old.configs.models.get('default_risk')?.owner, 'risk-models');
  assert.equal(old.authors.get('Model/default_risk'), 'ada');

  const { items: revisions } = await store.revisions();
  assert.deepEqual(
    revisions.map(({ revision, principal, previous, changed }) => ({
      revision,
      principal,
      previous,
      changes: changed.length,
    })),
    [
      { revision: 2, principal: 'bob', previous: first.base_digest, changes: 1 },
      { revision: 1, principal: 'ada', previous: EMPTY_BASE_DIGEST, changes: documents.length },
    ],
  );
});

test('configs that come back to an earlier content are a new revision with a new digest', async () => {
  await using stores = await freshStores();
  const { objects, table } = stores;
  const store = createConfigStore(table, objects);
  const documents = await example('credit');
  const first = await store.apply(documents, EMPTY_BASE_DIGEST, 'ada', 'c1');
  const second = await store.apply(renamed(documents, 'risk-two'), first.base_digest, 'ada', 'c2');
  const third = await store.apply(documents, second.base_digest, 'ada', 'c3');
  assert.notEqual(third.base_digest, first.base_digest);
  assert.equal(third.revision, 3);
});

test('applying what is applied already makes no revision', async () => {
  await using stores = await freshStores();
  const { objects, table } = stores;
  const store = createConfigStore(table, objects);
  const documents = await example('machines');
  const first = await store.apply(documents, EMPTY_BASE_DIGEST, 'ada', 'c1');
  const second = await store.apply(documents, first.base_digest, 'bob', 'c2');
  assert.deepEqual(second, { ...first, created: [] });
  assert.equal((await store.current()).authors.get('Model/stoppage_risk'), 'ada');
});

test('fifty applies on one base: one wins, the others are told that their plan is stale', async () => {
  await using stores = await freshStores();
  const { objects, table } = stores;
  const documents = await example('credit');
  const base = await createConfigStore(table, objects).apply(documents, EMPTY_BASE_DIGEST, 'ada', 'base');
  const outcomes = await Promise.all(
    Array.from({ length: 50 }, async (_, index) => {
      const store = createConfigStore(table, objects);
      try {
        await store.apply(renamed(documents, `team-${index}`), base.base_digest, `p${index}`, `c${index}`);
        return `team-${index}`;
      } catch (error) {
        assert.ok(error instanceof MillraceError);
        return error.code;
      }
    }),
  );
  const winners = outcomes.filter((outcome) => outcome !== 'PLAN_STALE');
  assert.equal(winners.length, 1, winners.join());
  const { configs, revision } = await createConfigStore(table, objects).current();
  assert.equal(configs.models.get('default_risk')?.owner, winners[0]);
  assert.equal(revision, 2);
});

test('fifty applies of different documents on one base all succeed, one revision each', async () => {
  await using stores = await freshStores();
  const { objects, table } = stores;
  const sources = (await example('credit')).flatMap((one) => (one.kind === 'Source' ? [one] : []));
  const [source] = sources;
  assert.ok(source !== undefined);
  const processes = Array.from({ length: 4 }, () => createConfigStore(table, objects));
  await Promise.all(
    Array.from({ length: 50 }, async (_, index) =>
      processes[index % 4]?.apply(
        [{ ...source, name: `source_${index}` }],
        EMPTY_BASE_DIGEST,
        `p${index}`,
        `c${index}`,
      ),
    ),
  );
  const store = createConfigStore(table, objects);
  const { configs, authors } = await store.current();
  assert.equal(configs.sources.size, 50);
  for (let index = 0; index < 50; index += 1)
    assert.equal(authors.get(`Source/source_${index}`), `p${index}`);
  const { items: revisions } = await store.revisions();
  assert.deepEqual(
    revisions.map(({ revision }) => revision),
    Array.from({ length: 50 }, (_, index) => 50 - index),
  );
  for (const [index, { previous }] of revisions.entries())
    assert.equal(previous, revisions[index + 1]?.base_digest ?? EMPTY_BASE_DIGEST);
  const pages: number[] = [];
  for (let after: string | undefined; ;) {
    const { items, next } = await store.revisions({ limit: 20, ...(after === undefined ? {} : { after }) });
    pages.push(...items.map(({ revision }) => revision));
    if (next === undefined) break;
    after = next;
  }
  assert.deepEqual(
    pages,
    revisions.map(({ revision }) => revision),
  );
  await assert.rejects(store.revisions({ after: '7' }), isCode('PAGE_TOKEN_INVALID'));
});

test('a repeated command gives its first result, even after others have applied; another request under its id is refused', async () => {
  await using stores = await freshStores();
  const { objects, table } = stores;
  const store = createConfigStore(table, objects);
  const documents = await example('credit');
  const [first, twin] = await Promise.all([
    store.apply(documents, EMPTY_BASE_DIGEST, 'ada', 'c1'),
    store.apply(documents, EMPTY_BASE_DIGEST, 'ada', 'c1'),
  ]);
  assert.deepEqual(twin, first);
  await store.apply(renamed(documents, 'risk-two'), first.base_digest, 'bob', 'c2');
  assert.deepEqual(await store.apply(documents, EMPTY_BASE_DIGEST, 'ada', 'c1'), first);
  await assert.rejects(store.apply(documents, EMPTY_BASE_DIGEST, 'bob', 'c1'), isCode('COMMAND_ID_REUSED'));
  assert.equal((await store.revisions()).items.length, 2);
});

test('a process that dies after writing documents and before moving the head leaves nothing to be seen', async () => {
  await using stores = await freshStores();
  const { objects, table } = stores;
  const documents = await example('credit');
  for (const survives of [0, 2, documents.length]) {
    let puts = 0;
    const dying = {
      ...objects,
      putIfAbsent: async (...args: Parameters<typeof objects.putIfAbsent>) => {
        puts += 1;
        if (puts > survives) throw new Error('killed');
        return objects.putIfAbsent(...args);
      },
    };
    const store = createConfigStore(table, dying);
    await assert.rejects(store.apply(documents, EMPTY_BASE_DIGEST, 'ada', 'c1'), /killed/);
    const after = createConfigStore(table, objects);
    assert.equal((await after.current()).base_digest, EMPTY_BASE_DIGEST);
    assert.deepEqual(await after.revisions(), { items: [] });
  }
  const result = await createConfigStore(table, objects).apply(documents, EMPTY_BASE_DIGEST, 'ada', 'c1');
  assert.equal(result.created.length, documents.length);
});

test('a stored document that was changed or removed is reported, never used', async () => {
  await using stores = await freshStores();
  const { objects, table } = stores;
  const documents = await example('credit');
  const { base_digest } = await createConfigStore(table, objects).apply(
    documents,
    EMPTY_BASE_DIGEST,
    'ada',
    'c1',
  );
  const keys: string[] = [];
  for await (const { key } of objects.list('configs/documents/')) keys.push(key);
  const [key = ''] = keys;
  const body = await objects.get(key);
  await objects.put(key, body.toString('utf8').replace(/"owner":"[a-z]/, '"owner":"x'));
  await assert.rejects(createConfigStore(table, objects).at(base_digest), isCode('CONFIG_STATE_DAMAGED'));
  await objects.remove([key]);
  await assert.rejects(createConfigStore(table, objects).current(), isCode('CONFIG_STATE_DAMAGED'));
  await assert.rejects(createConfigStore(table, objects).at('0'.repeat(32)), isCode('CONFIG_NOT_FOUND'));
});

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import type { Pair } from '#registry/pair.ts';
import { freshRegistry, trainedVersion } from '#test/support/registry.ts';

const CLIENTS = 50;

describe('versions of a pair', () => {
  let stores: Awaited<ReturnType<typeof freshRegistry>>;
  before(async () => {
    stores = await freshRegistry();
  });
  after(() => stores[Symbol.asyncDispose]());

  function freshPair(): Pair {
    return { model: `m${randomUUID().slice(0, 8)}`, feature_set: 'behaviour' };
  }

  it(`are 1 to ${CLIENTS}, each once, when ${CLIENTS} clients register at the same time`, async () => {
    const { registry, objects } = stores;
    const pair = freshPair();
    const commands = await Promise.all(Array.from({ length: CLIENTS }, () => trainedVersion(objects, pair)));
    const versions = await Promise.all(commands.map((command) => registry.registerVersion(command)));
    const numbers = versions.map(({ version }) => version).toSorted((a, b) => a - b);
    assert.deepEqual(
      numbers,
      Array.from({ length: CLIENTS }, (_, i) => i + 1),
    );
    const { items } = await registry.versions(pair, { limit: 200 });
    assert.equal(items.length, CLIENTS);
    await registry.copyOutbox(pair);
    const check = await registry.verifyDossier(pair);
    assert.deepEqual(check, { verified: true, entries: CLIENTS, copies: CLIENTS, problems: [] });
  });
});

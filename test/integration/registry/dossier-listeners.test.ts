import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { readEnvironment } from '#configs/environment.ts';
import type { Pair } from '#configs/pair.ts';
import { openTable } from '#platform/table/table.ts';
import type { DeliveredEntry, DossierListener } from '#registry/dossier/dossier-listener.ts';
import { createRegistry, type Registry } from '#registry/registry.ts';
import { startFaultProxy } from '#test/support/fault-proxy.ts';
import { approvedVersion, deploymentOf, freshPair, withRegistry } from '#test/support/registry.ts';

const stores = await withRegistry();
const LIVE_AT = '2099-01-01T00:00:00.000Z';
const BEFORE = '2026-01-03T00:00:00.000Z';

/** Writes down what it gets, and breaks off before an entry while told to. */
function recorder() {
  const heard: DeliveredEntry[] = [];
  const state: { breaksAt: number | undefined } = { breaksAt: undefined };
  const listener: DossierListener = {
    name: 'recorder',
    async deliver(_pair, entries) {
      for (const entry of entries) {
        if (entry.seq === state.breaksAt) throw new RangeError(`The recorder broke off at ${entry.seq}.`);
        heard.push(entry);
      }
    },
  };
  return { listener, heard, state, numbers: () => heard.map(({ seq }) => seq) };
}

const upTo = (last: number, first = 1): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

describe('listeners of the dossier', () => {
  let pair: Pair;
  beforeEach(() => {
    pair = freshPair();
  });

  /** As another process would open it. */
  const withListener = (listener: DossierListener): Registry =>
    createRegistry(stores.table, stores.objects, { listeners: [listener], now: stores.clock.now });

  /** A registered and approved version, and as many scheduled deployments as make up the entries. */
  async function writeEntries(count: number): Promise<void> {
    const { registry, objects } = stores;
    await approvedVersion(registry, objects, pair);
    for (const deployment of upTo(count - 2))
      await registry.schedule(deploymentOf(pair, deployment, 1, LIVE_AT));
  }

  async function isDue(registry: Registry): Promise<boolean> {
    const { items } = await registry.pairsMaybeDue(BEFORE, { limit: 1_000 });
    return items.some(({ model }) => model === pair.model);
  }

  it('get every entry in order, while one that fails and is cut off does not hold back the copies', async () => {
    const { listener, heard, state, numbers } = recorder();
    await writeEntries(4);
    state.breaksAt = 3;
    await assert.rejects(withListener(listener).deliverDossier(pair), /broke off at 3/);
    const behind = await withListener(listener).state(pair);
    assert.deepEqual([behind.dossier.copied, behind.dossier.delivered], [4, 0]);
    assert.equal((await stores.registry.verifyDossier(pair)).copies, 4, 'the copies went on');
    assert.equal(await isDue(stores.registry), true, 'the sweep will try again');

    await stores.registry.schedule(deploymentOf(pair, 3, 1, LIVE_AT));
    await assert.rejects(withListener(listener).deliverDossier(pair), /broke off at 3/);
    assert.equal((await stores.registry.verifyDossier(pair)).copies, 5);

    state.breaksAt = undefined;
    const delivered = await withListener(listener).deliverDossier(pair);
    assert.deepEqual(delivered, { dossier_segments: 0, recorder: 5 });
    assert.deepEqual(numbers(), [1, 2, 1, 2, 1, 2, 3, 4, 5], 'each at least once, always in order');
    const { items } = await stores.registry.dossier(pair);
    const digests = new Map(items.map(({ seq, digest }) => [seq, digest]));
    for (const { seq, digest } of heard) assert.equal(digest, digests.get(seq));
    assert.equal((await withListener(listener).state(pair)).dossier.delivered, 5);
    assert.equal(await isDue(stores.registry), false, 'nothing is left to do');
  });

  it('get an entry again after a crash between its delivery and its mark, and no entry after a mark', async () => {
    const { listener, numbers } = recorder();
    const env = readEnvironment();
    await using network = await startFaultProxy(env.MILLRACE_TABLE_ENDPOINT ?? '');
    const table = openTable({ ...env, MILLRACE_TABLE_ENDPOINT: network.url }, stores.table.name);
    await writeEntries(3);
    const marks = network.hold('before', ({ body }) => body.includes('recorder'));
    const dying = createRegistry(table, stores.objects, { listeners: [listener] }).deliverDossier(pair);
    await marks.reached;
    assert.deepEqual(numbers(), [1, 2, 3]);
    assert.equal((await withListener(listener).state(pair)).dossier.delivered, 0, 'nothing is marked yet');
    await withListener(listener).deliverDossier(pair);
    assert.deepEqual(numbers(), [1, 2, 3, 1, 2, 3]);
    await marks.release();
    await dying;
    assert.equal((await withListener(listener).state(pair)).dossier.delivered, 3);
    await withListener(listener).deliverDossier(pair);
    assert.deepEqual(numbers(), [1, 2, 3, 1, 2, 3]);
    table.client.destroy();
  });

  it('start from the first entry under a new name, and resume between marks', async () => {
    const { listener, state, numbers } = recorder();
    await writeEntries(52);
    await stores.registry.deliverDossier(pair);
    assert.equal((await stores.registry.state(pair)).dossier.delivered, 52);
    assert.equal((await withListener(listener).state(pair)).dossier.delivered, 0);
    state.breaksAt = 40;
    await assert.rejects(withListener(listener).deliverDossier(pair), /broke off at 40/);
    state.breaksAt = undefined;
    await withListener(listener).deliverDossier(pair);
    assert.deepEqual(numbers(), [...upTo(39), ...upTo(52, 26)]);
  });

  it('are rejected when two of them have one name, because they would share one mark', () => {
    const { listener } = recorder();
    const open = (...names: string[]) =>
      createRegistry(stores.table, stores.objects, {
        listeners: names.map((name) => ({ ...listener, name })),
      });
    assert.throws(() => open('recorder', 'recorder'), TypeError);
    assert.throws(() => open('dossier_segments'), TypeError);
    open('recorder', 'other');
  });

  it('keep marks of their own when many deliver at once while the dossier grows', async () => {
    const { listener, numbers } = recorder();
    await writeEntries(3);
    await Promise.all([
      ...upTo(10, 2).map((nth) => stores.registry.schedule(deploymentOf(pair, nth, 1, LIVE_AT))),
      ...upTo(6).map(() => withListener(listener).deliverDossier(pair)),
    ]);
    await withListener(listener).deliverDossier(pair);
    const { dossier } = await withListener(listener).state(pair);
    assert.deepEqual([dossier.count, dossier.copied, dossier.delivered], [12, 12, 12]);
    assert.deepEqual(
      [...new Set(numbers())].toSorted((a, b) => a - b),
      upTo(12),
    );
    assert.equal(await isDue(stores.registry), false);
  });
});

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, it } from 'node:test';
import type { Page, PageRequest } from '#platform/table/page.ts';
import type { Pair } from '#configs/pair.ts';
import {
  approval,
  approvedVersion,
  deploymentOf,
  freshPair,
  trainedVersion,
  withRegistry,
} from '#test/support/registry.ts';

const DUE = '2026-02-01T00:00:00.000Z';
const BEFORE = '2026-01-31T23:59:59.999Z';

const stores = await withRegistry();

describe('reads of the registry', () => {
  const pairs: Pair[] = [1, 2, 3].map((n) => ({ model: `model_${n}`, feature_set: 'behaviour' }));

  before(async () => {
    const { registry, objects } = stores;
    for (const pair of pairs) {
      await approvedVersion(registry, objects, pair);
      await registry.registerVersion(await trainedVersion(objects, pair));
    }
  });

  async function walk<T>(read: (page: PageRequest) => Promise<Page<T>>, limit: number): Promise<T[]> {
    const all: T[] = [];
    let after: string | undefined;
    do {
      const page = await read({ limit, ...(after === undefined ? {} : { after }) });
      assert.ok(page.items.length <= limit);
      all.push(...page.items);
      after = page.next;
    } while (after !== undefined);
    return all;
  }

  it('list pairs and versions page by page, each once', async () => {
    const { registry } = stores;
    assert.deepEqual(await walk(registry.pairs, 2), pairs);
    const [pair] = pairs;
    assert.ok(pair);
    const versions = await walk((page) => registry.versions(pair, page), 1);
    assert.deepEqual(
      versions.map(({ version }) => version),
      [2, 1],
    );
  });

  it('find versions by stage and by model, and follow a stage as it moves', async () => {
    const { registry } = stores;
    const named = async (search: Parameters<typeof registry.search>[0], limit = 2): Promise<string[]> =>
      (await walk((page) => registry.search(search, page), limit)).map(
        (one) => `${one.model}.${one.version}.${one.stage}`,
      );
    const approved = ['model_1.1.approved', 'model_2.1.approved', 'model_3.1.approved'];
    const registered = ['model_1.2.registered', 'model_2.2.registered', 'model_3.2.registered'];
    assert.deepEqual(await named({ stage: 'approved' }), approved);
    assert.deepEqual(await named({}), [...registered, ...approved]);
    assert.deepEqual(await named({ model: 'model_2', feature_set: 'behaviour' }, 1), [
      registered[1],
      approved[1],
    ]);
    assert.deepEqual(await named({ model: 'model' }), []);
    const [, , last] = pairs;
    assert.ok(last);
    await registry.judge(await approval(registry, last, 2));
    assert.deepEqual(await named({ stage: 'registered' }), registered.slice(0, 2));
  });

  it('refuse page tokens that are no tokens', async () => {
    const { registry } = stores;
    const [pair] = pairs;
    assert.ok(pair);
    const code = 'PAGE_TOKEN_INVALID';
    await assert.rejects(registry.pairs({ after: 'x' }), { code });
    await assert.rejects(registry.versions(pair, { after: 'e30=' }), { code });
    await assert.rejects(registry.search({}, { after: 'nowhere.' }), { code });
    await assert.rejects(registry.search({}, { after: 'registered.!' }), { code });
  });

  it('know which pairs may be due: with work, or with a deployment whose moment has come', async () => {
    const { registry, objects } = stores;
    const pair = freshPair();
    const due = async (now: string): Promise<boolean> =>
      (await walk((page) => registry.pairsMaybeDue(now, page), 2)).some(({ model }) => model === pair.model);
    await approvedVersion(registry, objects, pair);
    assert.equal(await due(BEFORE), true, 'its dossier is not delivered');
    await registry.deliverDossier(pair);
    assert.equal(await due('2099-01-01T00:00:00Z'), false, 'nothing to do');
    await registry.schedule(deploymentOf(pair, 1, 1, DUE));
    await registry.deliverDossier(pair);
    assert.deepEqual([await due(BEFORE), await due(DUE)], [false, true]);
    await registry.promote({ pair, deployment: 1, dueBy: DUE, commandId: randomUUID() });
    await registry.deliverDossier(pair);
    assert.equal(await due(DUE), true, 'its schedule is not emitted');
    const emitted = {
      scheduler: 'airflow',
      schedule: '0 5 * * *',
      timezone: 'Europe/London',
      start: DUE,
      digest: 'd',
      schedule_digest: null,
    } as const;
    await registry.recordSpec({ pair, emitted, commandId: randomUUID() });
    await registry.deliverDossier(pair);
    assert.equal(await due('2099-01-01T00:00:00Z'), false);
    assert.deepEqual((await registry.state(pair)).emitted, emitted);
    const again = await registry.recordSpec({ pair, emitted, commandId: randomUUID() });
    assert.deepEqual(again, { recorded: false });
  });

  it('find the version of a training, and say what they do not know', async () => {
    const { registry, objects } = stores;
    const pair = freshPair();
    await assert.rejects(registry.state(pair), { code: 'PAIR_NOT_FOUND' });
    const command = await trainedVersion(objects, pair);
    const { training_id } = command.training;
    assert.equal(await registry.versionOfTraining(pair, training_id), undefined);
    await registry.registerVersion(command);
    assert.equal((await registry.versionOfTraining(pair, training_id))?.version, 1);
    await assert.rejects(registry.version(pair, 2), { code: 'VERSION_NOT_FOUND' });
    await assert.rejects(registry.deployment(pair, 1), { code: 'DEPLOYMENT_NOT_FOUND' });
    assert.equal(await registry.liveAt(pair, DUE), undefined);
    await assert.rejects(registry.liveAt(pair, 'today'), { code: 'INSTANT_INVALID' });
  });
});

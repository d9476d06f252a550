import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, it } from 'node:test';
import { DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { sha256Hex } from '#configs/canonical.ts';
import { segmentKey } from '#registry/dossier/segments.ts';
import type { Pair } from '#configs/pair.ts';
import { approval, deploymentOf, freshPair, trainedVersion, withRegistry } from '#test/support/registry.ts';

const DUE = '2026-02-01T00:00:00.000Z';

const stores = await withRegistry();

describe('the dossier', () => {
  let pair: Pair;
  let entries: number;

  before(async () => {
    pair = freshPair();
    const { registry, objects } = stores;
    const life = { pair, dueBy: DUE };
    for (const version of [1, 2]) {
      await registry.registerVersion(await trainedVersion(objects, pair));
      await registry.judge(await approval(registry, pair, version));
      await registry.schedule(deploymentOf(pair, version, version, DUE));
      await registry.promote({ ...life, deployment: version, commandId: randomUUID() });
    }
    await registry.noteArchived({ ...life, deployment: 1, commandId: randomUUID() });
    ({
      dossier: { count: entries },
    } = await registry.state(pair));
  });

  function itemOf(seq: number) {
    return {
      TableName: stores.table.name,
      Key: {
        pk: `pair#${pair.model}/${pair.feature_set}`,
        sk: `dossier#${String(seq).padStart(8, '0')}`,
      },
    };
  }

  async function tampered(
    seq: number,
    change: (text: string) => string,
    check: () => Promise<void>,
  ): Promise<void> {
    const { client } = stores.table;
    const { Item } = await client.send(new GetCommand(itemOf(seq)));
    assert.ok(Item);
    const { TableName } = itemOf(seq);
    await client.send(new PutCommand({ TableName, Item: { ...Item, text: change(String(Item['text'])) } }));
    try {
      await check();
    } finally {
      await client.send(new PutCommand({ TableName, Item }));
    }
  }

  it('tells the life of a pair in order, and its copy lands in the object store once', async () => {
    const { registry, objects } = stores;
    const { items } = await registry.dossier(pair);
    assert.deepEqual(
      items.map(({ kind }) => kind),
      [
        'version_registered',
        'version_approved',
        'deployment_scheduled',
        'deployment_promoted',
        'version_registered',
        'version_approved',
        'deployment_scheduled',
        'deployment_promoted',
        'version_archived',
        'archive_finished',
      ],
    );
    assert.deepEqual(await registry.deliverDossier(pair), { dossier_segments: entries });
    assert.deepEqual(await registry.deliverDossier(pair), { dossier_segments: 0 });
    const key = `dossiers/model=${pair.model}/feature_set=behaviour/from=00000001.jsonl`;
    assert.equal(segmentKey(pair, 1), key);
    const lines = (await objects.get(key)).toString('utf8').trimEnd().split('\n');
    assert.deepEqual(
      lines.map((line) => ({ ...(JSON.parse(line) as object), digest: sha256Hex(line) })),
      items,
    );
    assert.deepEqual(await registry.verifyDossier(pair), {
      verified: true,
      entries,
      copies: entries,
      problems: [],
    });
  });

  it('shows one flipped bit in any of its entries', async () => {
    for (let seq = 1; seq <= entries; seq += 1) {
      const flip = (text: string): string => {
        const bytes = Buffer.from(text);
        const place = (seq * 37) % bytes.length;
        bytes[place] = (bytes[place] ?? 0) ^ 1;
        return bytes.toString();
      };
      await tampered(seq, flip, async () => {
        const { verified, problems } = await stores.registry.verifyDossier(pair);
        assert.equal(verified, false);
        assert.deepEqual([...new Set(problems.map((one) => one.seq))], [seq]);
      });
    }
  });

  it('shows a cut tail', async () => {
    const { client } = stores.table;
    const { Item } = await client.send(new GetCommand(itemOf(entries)));
    assert.ok(Item);
    await client.send(new DeleteCommand(itemOf(entries)));
    const { verified, problems } = await stores.registry.verifyDossier(pair);
    await client.send(new PutCommand({ TableName: stores.table.name, Item }));
    assert.equal(verified, false);
    assert.ok(problems.some(({ problem }) => problem.startsWith('the tail is cut: 1 entries')));
  });

  it('is checked page by page, which finds the same as one check', async () => {
    const { registry } = stores;
    const check = async (limit: number) => {
      const pages = [];
      for (let after: string | undefined; ;) {
        const page = await registry.verifyDossier(pair, { limit, ...(after === undefined ? {} : { after }) });
        pages.push(page);
        after = page.next;
        if (after === undefined) break;
      }
      return {
        pages: pages.length,
        entries: pages.reduce((sum, page) => sum + page.entries, 0),
        copies: pages.reduce((sum, page) => sum + page.copies, 0),
        problems: pages.flatMap((page) => page.problems),
      };
    };
    assert.deepEqual(await check(3), { pages: 4, entries, copies: entries, problems: [] });
    const flip = (text: string): string => text.replace('20', '21');
    await tampered(3, flip, async () => {
      const whole = await check(entries);
      assert.equal(whole.pages, 1);
      assert.ok(whole.problems.length > 0);
      for (const limit of [1, 3, 4]) assert.deepEqual((await check(limit)).problems, whole.problems);
    });
    for (const after of ['x', '3', `3.${'z'.repeat(64)}`]) {
      await assert.rejects(registry.verifyDossier(pair, { after }), { code: 'PAGE_TOKEN_INVALID' });
    }
  });
});

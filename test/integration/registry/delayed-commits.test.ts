import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import * as fc from 'fast-check';
import { readEnvironment } from '#configs/environment.ts';
import type { Pair } from '#configs/pair.ts';
import { openTable, type TableHandle } from '#platform/table/table.ts';
import { createRegistry, type Registry } from '#registry/registry.ts';
import { startFaultProxy } from '#test/support/fault-proxy.ts';
import { approvedVersion, deploymentOf, freshPair, withRegistry } from '#test/support/registry.ts';

const stores = await withRegistry();
const DUE = '2026-02-01T00:00:00.000Z';

describe('which version was live at an instant in the past', () => {
  const real = createRegistry(stores.table, stores.objects);

  /** Version 1 live, and version 2 scheduled, due. */
  async function aboutToChange(): Promise<Pair> {
    const pair = freshPair();
    for (const number of [1, 2]) {
      await approvedVersion(real, stores.objects, pair);
      await real.schedule(deploymentOf(pair, number, number, DUE));
      if (number === 1) await promote(real, pair, 1);
    }
    return pair;
  }

  function promote(registry: Registry, pair: Pair, deployment: number) {
    const dueBy = new Date().toISOString();
    return registry.promote({ pair, deployment, dueBy, commandId: randomUUID() });
  }

  it('stays as answered when a promotion was decided before the question and is written after it', async () => {
    const env = readEnvironment();
    await using network = await startFaultProxy(env.MILLRACE_TABLE_ENDPOINT ?? '');
    const table = openTable({ ...env, MILLRACE_TABLE_ENDPOINT: network.url }, stores.table.name);
    const pair = await aboutToChange();
    const write = network.hold('before', ({ operation }) => operation === 'TransactWriteItems');
    const promotion = promote(createRegistry(table, stores.objects), pair, 2);
    await write.reached;
    await sleep(20);
    const asked = new Date().toISOString();
    assert.equal((await real.liveAt(pair, asked))?.version, 1);
    await write.release();
    const { live_from } = await promotion;
    assert.ok(live_from !== undefined && live_from > asked);
    assert.equal((await real.liveAt(pair, asked))?.version, 1);
    assert.equal((await real.state(pair)).live?.version, 2);
    table.client.destroy();
  });

  it('lets a promotion through while readers ask about each instant as it passes', async () => {
    const pair = await aboutToChange();
    const slow = createRegistry(
      delayed(stores.table, () => 30),
      stores.objects,
    );
    const stop = new AbortController();
    const readers = Array.from({ length: 4 }, async () => {
      while (!stop.signal.aborted) await real.liveAt(pair, new Date().toISOString());
    });
    const { promoted } = await promote(slow, pair, 2);
    stop.abort();
    await Promise.all(readers);
    assert.equal(promoted, true);
  });

  it('never changes, whatever commits are delayed for however long', async () => {
    const delays = fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 8, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(delays, fc.integer({ min: 1, max: 25 }), async (pauses, every) => {
        const pair = await aboutToChange();
        const pause = () => pauses[Math.floor(Math.random() * pauses.length)] ?? 0;
        const slow = createRegistry(delayed(stores.table, pause), stores.objects);
        const answers: (readonly [at: string, version: number | undefined])[] = [];
        const stop = new AbortController();
        const reader = (async () => {
          while (!stop.signal.aborted) {
            const at = new Date(Date.now() - Math.floor(Math.random() * 40)).toISOString();
            answers.push([at, (await real.liveAt(pair, at))?.version]);
            await sleep(every);
          }
        })();
        await promote(slow, pair, 2);
        await real.schedule(deploymentOf(pair, 3, 1, DUE));
        await Promise.all([promote(slow, pair, 3), promote(slow, pair, 3)]);
        const archive = { pair, version: 1, principal: 'oper', reason: 'bad', commandId: randomUUID() };
        await slow.archiveVersion(archive);
        stop.abort();
        await reader;
        for (const [at, version] of answers)
          assert.equal((await real.liveAt(pair, at))?.version, version, at);
        assert.ok(answers.length > 0);
      }),
      { numRuns: 10 },
    );
  });
});

/** A table whose transactions arrive late. */
function delayed(table: TableHandle, pauseMs: () => number): TableHandle {
  const client = new Proxy(table.client, {
    get(target, property, receiver) {
      if (property !== 'send') return Reflect.get(target, property, receiver) as unknown;
      return async (command: Parameters<typeof target.send>[0]) => {
        if (command instanceof TransactWriteCommand) await sleep(pauseMs());
        return target.send(command);
      };
    },
  });
  return { client, name: table.name };
}

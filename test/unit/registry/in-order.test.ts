import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { inOrder } from '#registry/dossier/in-order.ts';

async function collect(atOnce: number, work: (item: number) => Promise<number>): Promise<number[]> {
  const results: number[] = [];
  for await (const result of inOrder([1, 2, 3, 4, 5], atOnce, work)) results.push(result);
  return results;
}

describe('work in order', () => {
  it('yields results in the order of the items, and runs no more than it may at once', async () => {
    for (const atOnce of [1, 2, 4, 9]) {
      let running = 0;
      let most = 0;
      const results = await collect(atOnce, async (item) => {
        running += 1;
        most = Math.max(most, running);
        await sleep(12 - 2 * item);
        running -= 1;
        return item * 10;
      });
      assert.deepEqual(results, [10, 20, 30, 40, 50]);
      assert.equal(most, Math.min(atOnce, 5));
    }
  });

  it('throws an error in its turn, after the work that was started has ended', async () => {
    const ended: number[] = [];
    const taken: number[] = [];
    const run = async (): Promise<void> => {
      const work = async (item: number): Promise<number> => {
        await sleep(item === 2 || item === 3 ? 0 : 10);
        ended.push(item);
        if (item === 2 || item === 3) throw new RangeError(`no ${item}`);
        return item;
      };
      for await (const item of inOrder([1, 2, 3, 4, 5], 4, work)) taken.push(item);
    };
    await assert.rejects(run(), /no 2/);
    assert.deepEqual(taken, [1]);
    assert.deepEqual(
      ended.toSorted((one, other) => one - other),
      [1, 2, 3, 4, 5].slice(0, ended.length),
    );
    const before = ended.length;
    await sleep(20);
    assert.equal(ended.length, before);
  });
});

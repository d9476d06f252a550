import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sharedReads } from '#platform/table/shared-reads.ts';

/** A value that changes, and reads of it that end only when they are told to. */
function slowItem() {
  const pending: (() => void)[] = [];
  const item = { value: 0, reads: 0, endRead: () => pending.shift()?.() };
  const read = async () => {
    item.reads += 1;
    const seen = item.value;
    await new Promise<void>((done) => pending.push(done));
    return seen;
  };
  return { item, read };
}

const settled = () => new Promise((done) => setImmediate(done));

test('shares the next read among callers that arrive while one is in flight', async () => {
  const { item, read } = slowItem();
  const shared = sharedReads<number>();
  const first = shared('a', read);
  item.value = 1;
  const later = [shared('a', read), shared('a', read), shared('a', read)];
  assert.equal(item.reads, 1);
  item.endRead();
  assert.equal(await first, 0);
  await settled();
  assert.equal(item.reads, 2);
  item.endRead();
  assert.deepEqual(await Promise.all(later), [1, 1, 1]);
});

test('never gives the answer of a read that began before the call', async () => {
  const { item, read } = slowItem();
  const shared = sharedReads<number>();
  const answers: Promise<void>[] = [];
  for (let asked = 1; asked <= 50; asked += 1) {
    item.value = asked;
    const answer = shared('a', read);
    answers.push(answer.then((seen) => assert.ok(seen >= asked, `asked at ${asked}, saw ${seen}`)));
    if (asked % 3 === 0) item.endRead();
    if (asked % 2 === 0) await settled();
  }
  while (item.reads > 0 && (await Promise.race([Promise.all(answers), settled()])) === undefined)
    item.endRead();
  await Promise.all(answers);
  assert.ok(item.reads < 50);
});

test('keeps reads of different keys apart', async () => {
  const shared = sharedReads<string>();
  const read = (key: string) => shared(key, async () => key);
  assert.deepEqual(await Promise.all([read('a'), read('b'), read('a')]), ['a', 'b', 'a']);
});

test('gives an error to its callers alone and reads again for the next', async () => {
  const shared = sharedReads<string>();
  let fails = true;
  const read = async () => {
    if (fails) throw new Error('store down');
    return 'fine';
  };
  await assert.rejects(shared('a', read), /store down/);
  const failing = shared('a', read);
  const next = shared('a', read);
  await assert.rejects(failing, /store down/);
  await assert.rejects(next, /store down/);
  fails = false;
  assert.equal(await shared('a', read), 'fine');
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pageOfAll } from '#api/routes/shared/page-of-all.ts';

const numbers = [11, 2, 1, 30, 4];
const padded = (number: number) => String(number).padStart(10, '0');

function walk(all: readonly number[], limit: number): number[][] {
  const pages: number[][] = [];
  let after: string | undefined;
  do {
    const page = pageOfAll(all, { limit, ...(after === undefined ? {} : { after }) }, padded, /^\d{10}$/);
    pages.push([...page.items]);
    after = page.next;
  } while (after !== undefined);
  return pages;
}

test('gives every item once, in the order of the keys, and no empty page at the end', () => {
  assert.deepEqual(walk(numbers, 2), [[1, 2], [4, 11], [30]]);
  assert.deepEqual(walk(numbers, 5), [[1, 2, 4, 11, 30]]);
  assert.deepEqual(walk([], 5), [[]]);
});

test('continues behind the last item although items came and went meanwhile', () => {
  const { next = '' } = pageOfAll(numbers, { limit: 2 }, padded, /^\d{10}$/);
  assert.deepEqual(pageOfAll([1, 3, 30], { limit: 2, after: next }, padded, /^\d{10}$/).items, [3, 30]);
});

test('rejects what is not a token', () => {
  for (const after of ['', '!', 'x', 'e30='])
    assert.throws(() => pageOfAll(numbers, { after }, padded, /^\d{10}$/), { code: 'PAGE_TOKEN_INVALID' });
});

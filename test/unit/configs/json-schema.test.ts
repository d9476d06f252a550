import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configReference } from '#configs/reference/config-reference.ts';

test('every key has a meaning that editors and the reference can show', () => {
  const silent = configReference()
    .split('\n')
    .filter((line) => line.startsWith('| `') && line.endsWith('|  |'))
    .filter((line) => !/^\| `(.*\.)?kind`/.test(line));
  assert.deepEqual(silent, []);
});

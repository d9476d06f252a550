import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sha256Hex } from '#configs/canonical.ts';
import type { JobProgram } from '#platform/jobs/job-program.ts';
import { placeInput } from '#platform/jobs/place-input.ts';
import { commandJob } from '#test/support/command-jobs.ts';
import { forThisFile, freshBucket } from '#test/support/stores.ts';

const objects = await forThisFile(freshBucket());

const program = (input: unknown): JobProgram => ({
  ...commandJob(['true'], { key: 'job-1', output: objects.uri('models/training=1/attempt=job-1/') }),
  input,
});

async function keys(): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { key } of objects.list('models/')) found.push(key);
  return found;
}

test('writes the input once below the output, however often and by however many it is placed', async () => {
  const input = { rows: 3, name: 'größer' };
  const specs = await Promise.all(
    Array.from({ length: 10 }, () => placeInput(objects, program({ ...input }))),
  );
  const [spec] = specs;
  assert.ok(spec !== undefined);
  for (const other of specs) assert.deepEqual(other, spec);
  const body = await objects.get(objects.keyOf(spec.input.uri));
  assert.equal(body.toString(), '{"name":"größer","rows":3}');
  assert.equal(spec.input.sha256, sha256Hex(body));
  assert.deepEqual(await keys(), [`models/training=1/attempt=job-1/input-${spec.input.sha256}.json`]);
});

test('places another input beside the first and overwrites nothing', async () => {
  const first = await placeInput(objects, program({ rows: 3 }));
  const second = await placeInput(objects, program({ rows: 4 }));
  assert.notEqual(first.input.uri, second.input.uri);
  assert.equal((await objects.get(objects.keyOf(first.input.uri))).toString(), '{"rows":3}');
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readEnvironment } from '#configs/environment.ts';
import * as workflows from '#workflows/index.ts';
import { BEHAVIOURS } from '#workflows/versioning.ts';

test('every workflow says what it does when another build becomes current', () => {
  const behaviours = BEHAVIOURS.flatMap(([behaviour, those]) =>
    those.map(({ name }) => [name, behaviour] as const),
  );
  const names = behaviours.map(([name]) => name);
  assert.deepEqual(names.toSorted(), Object.keys(workflows).toSorted());
  // They wait for people or timers, and would keep old workers for weeks.
  for (const name of ['modelLifecycle', 'deployModel', 'reconcilePair'])
    assert.equal(Object.fromEntries(behaviours)[name], 'AUTO_UPGRADE', name);
});

test('rejects the name of a build that Temporal or the API would read as something else', () => {
  assert.equal(readEnvironment({ MILLRACE_WORKER_BUILD: '0.2.0+3f1c' }).MILLRACE_WORKER_BUILD, '0.2.0+3f1c');
  for (const build of ['unversioned', '', 'a b', '-a', 'x'.repeat(65)])
    assert.throws(
      () => readEnvironment({ MILLRACE_WORKER_BUILD: build }),
      { code: 'ENVIRONMENT_INVALID' },
      build,
    );
});

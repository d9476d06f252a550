import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { toFailure } from '#activities/failure.ts';
import { withHeartbeat } from '#activities/heartbeat.ts';
import { finalWhenTooMany } from '#activities/unexplained.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import { start, until } from '#test/support/runs.ts';
import { forThisFile } from '#test/support/stores.ts';
import { namespaceWorld } from '#test/support/world.ts';

const counts: unknown[] = [];
const world = await forThisFile(
  namespaceWorld(['lifecycle'], () => {
    const { heartbeatDetails, attempt } = Context.current().info;
    counts.push((heartbeatDetails as Record<string, unknown> | undefined)?.['unexplained_failures']);
    // An outage in between is not counted.
    if (attempt === 3) throw new MillraceError('STORE_UNREACHABLE', 'no answer');
    throw new Error('odd');
  }),
);

test('counts failures that no outage explains over the attempts of an activity', async () => {
  const handle = await start(world, 'verifyRegistry', null);
  await until(() => Promise.resolve(counts.length >= 6), 'six attempts have failed');
  assert.deepEqual(counts.slice(0, 6), [undefined, 1, 2, 2, 3, 4]);
  await handle.terminate('enough');
});

/** The failure as it leaves the activity, after so many that were counted before. */
async function leaves(error: unknown, before: number): Promise<ApplicationFailure> {
  const environment = new MockActivityEnvironment({ heartbeatDetails: { unexplained_failures: before } });
  let made: Error | undefined;
  await environment.run(async () => {
    made = finalWhenTooMany(Context.current(), toFailure(error));
    await Context.current().sleep(1);
  });
  assert.ok(made instanceof ApplicationFailure);
  return made;
}

test('makes the fourteenth of them final, and never an outage', async () => {
  assert.equal((await leaves(new Error('odd'), 12)).nonRetryable, false);
  const last = await leaves(new Error('odd'), 13);
  assert.deepEqual([last.type, last.nonRetryable, last.message], ['INTERNAL', true, 'odd']);
  const outage = new MillraceError('STORE_UNREACHABLE', 'no answer');
  assert.equal((await leaves(outage, 500)).nonRetryable, false);
});

test('keeps what the attempt has told, so that a waiter still knows for which run it waits', async () => {
  const environment = new MockActivityEnvironment({ heartbeatDetails: { unexplained_failures: 5 } });
  const heard: unknown[] = [];
  environment.on('heartbeat', (details) => heard.push(details));
  await environment.run(() =>
    withHeartbeat(({ tell }) => {
      tell({ waiting_for: 'a run' });
      finalWhenTooMany(Context.current(), toFailure(new Error('odd')));
      return Promise.resolve();
    }),
  );
  assert.deepEqual(heard.at(-1), { waiting_for: 'a run', unexplained_failures: 6 });
});

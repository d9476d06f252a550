import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { nextAttempt } from '#registry/attempts.ts';
import { boundedState } from '#registry/bounded-state.ts';
import type { PairState } from '#registry/pair-state.ts';
import { emptyState } from '#registry/read-state.ts';
import { decide } from '#registry/reconcile.ts';
import { defaultModel } from '#test/support/feature-configs.ts';
import { MOST_EVENT_BYTES } from '#test/support/history-size.ts';

const NOW = '2026-03-01T00:00:00.000Z';

/** Deployments that ended and whose archives all fail, and others that are scheduled. */
function crowded(deployments: number): PairState {
  const numbers = Array.from({ length: deployments }, (_, index) => index + 1);
  const error = { code: 'TEMPORAL_UNREACHABLE', message: '漢'.repeat(2_000) };
  return {
    ...emptyState({ model: 'm'.repeat(63), feature_set: 'f'.repeat(63) }),
    scheduled: numbers.map((n) => ({ deployment: 1_000 + n, version: n, live_at: NOW })).toReversed(),
    ended: numbers.map((n) => ({ deployment: n, version: n, live_until: NOW })),
    to_deploy: numbers.map((n) => ({
      version: n,
      approved_at: NOW,
      requested_by: 'p'.repeat(127),
      terms: defaultModel().deploy,
    })),
    attempts: Object.fromEntries(
      numbers.flatMap((n) => [
        [`archive/${n}`, nextAttempt(undefined, { lane: '', subject: '', at: NOW, error })],
        [`deploy/${n}`, nextAttempt(undefined, { lane: '', subject: NOW, at: NOW, error })],
      ]),
    ),
  };
}

test('keeps the state of a pair below 64 KB in histories, however many deployments wait', () => {
  const bytes = Buffer.byteLength(JSON.stringify(boundedState(crowded(400))));
  assert.ok(bytes < MOST_EVENT_BYTES, `${bytes} bytes`);
});

test('decides of the first deployments as the whole state would, and forgets no attempt of the others', () => {
  const state = { ...crowded(40), scheduled: [] };
  const later = '2026-03-01T00:20:00.000Z';
  const [whole, bounded] = [decide(state, later), decide(boundedState(state), later)];
  assert.ok(bounded.steps.length > 10);
  for (const step of bounded.steps) assert.ok(whole.steps.some((one) => isDeepStrictEqual(one, step)));
  assert.deepEqual(bounded.settled, []);
  const few = crowded(3);
  assert.deepEqual(boundedState(few), { ...few, scheduled: few.scheduled.toReversed() });
});

test('shows what was not tried yet, however many others wait for their next try', () => {
  const state = crowded(40);
  const order = { version: 41, approved_at: NOW, requested_by: 'p', terms: defaultModel().deploy };
  const { to_deploy } = boundedState({ ...state, to_deploy: [...state.to_deploy, order] });
  assert.equal(to_deploy.at(-1)?.version, 41);
});

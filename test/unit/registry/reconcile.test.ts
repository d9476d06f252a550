import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { DUE_NOW, dueAt } from '#registry/due-at.ts';
import { ordered as withOrder } from '#registry/deployments/orders.ts';
import type { PairState } from '#registry/pair-state.ts';
import { nextAttempt } from '#registry/attempts.ts';
import { decide, type Step } from '#registry/reconcile.ts';

const NOW = '2026-06-01T12:00:00.000Z';
const LATER = '2026-06-02T00:00:00.000Z';
const START = Date.parse(NOW) - 10_000;

const instant = fc
  .integer({ min: 0, max: 20 })
  .map((seconds) => new Date(START + seconds * 1_000).toISOString());
const terms = fc.record({
  scheduler: fc.constantFrom('temporal' as const, 'airflow' as const),
  schedule: fc.constantFrom('0 5 * * *', '0 6 * * *'),
  timezone: fc.constantFrom('UTC', 'Europe/London'),
});

const anyState: fc.Arbitrary<PairState> = fc
  .record({
    live: fc.option(terms),
    orders: fc.integer({ min: 0, max: 3 }),
    scheduled: fc.array(instant, { maxLength: 4 }),
    ended: fc.integer({ min: 0, max: 3 }),
    emitted: fc.option(fc.record({ terms, start: instant })),
    first: instant,
    count: fc.integer({ min: 1, max: 9 }),
    delivered: fc.integer({ min: 0, max: 9 }),
  })
  .map(({ live, orders, scheduled, ended, emitted, first, count, delivered }) => ({
    model: 'm',
    feature_set: 'f',
    seq: count,
    last_version: 9,
    last_deployment: 9,
    last_boundary: live === null ? null : first,
    live: live === null ? null : { ...live, deployment: 1, version: 1, live_from: first },
    to_deploy: Array.from({ length: orders }, (_, i) => ({
      version: 30 + i,
      approved_at: first,
      terms: {
        scheduler: 'temporal' as const,
        schedule: '0 5 * * *',
        timezone: 'UTC',
        go_live: 'next_day' as const,
      },
      requested_by: 'ana',
    })),
    scheduled: scheduled.map((live_at, i) => ({ deployment: 10 + i, version: 2 + i, live_at })),
    ended: Array.from({ length: ended }, (_, i) => ({
      deployment: 20 + i,
      version: 20 + i,
      live_until: first,
    })),
    first_live_at: live === null ? null : first,
    emitted:
      emitted === null
        ? null
        : { ...emitted.terms, start: emitted.start, digest: 'd', schedule_digest: null },
    spec_lost_at: null,
    attempts: {},
    dossier: { count, digest: 'x', copied: count, delivered: Math.min(delivered, count) },
  }));

/** What the registry and the world do when a step is taken. */
function apply(state: PairState, action: Step): PairState {
  const { dossier } = state;
  const wrote = { ...dossier, count: dossier.count + 1 };
  switch (action.kind) {
    case 'deploy_approved': {
      const { version } = action;
      if (!state.to_deploy.some((one) => one.version === version)) return state;
      const made = { deployment: version, version, live_at: LATER };
      return {
        ...state,
        to_deploy: state.to_deploy.filter((one) => one.version !== version),
        scheduled: [...state.scheduled, made],
        dossier: wrote,
      };
    }
    case 'promote': {
      const next = state.scheduled.find((one) => one.deployment === action.deployment);
      if (next === undefined) return state;
      const old = state.live;
      return {
        ...state,
        live: {
          scheduler: 'temporal',
          schedule: '0 5 * * *',
          timezone: 'UTC',
          live_from: NOW,
          deployment: next.deployment,
          version: next.version,
        },
        first_live_at: state.first_live_at ?? next.live_at,
        scheduled: state.scheduled.filter((one) => one !== next),
        ended: old === null ? state.ended : [...state.ended, { ...old, live_until: NOW }],
        dossier: wrote,
      };
    }
    case 'emit_spec':
      return {
        ...state,
        emitted: { ...action.wanted, digest: 'new', schedule_digest: null },
        dossier: wrote,
      };
    case 'remove_spec':
      return { ...state, emitted: null, dossier: wrote };
    case 'start_archive':
      return {
        ...state,
        ended: state.ended.filter((one) => one.deployment !== action.deployment),
        dossier: wrote,
      };
    case 'deliver_dossier':
      return { ...state, dossier: { ...dossier, delivered: Math.max(dossier.delivered, action.through) } };
  }
}

function settle(state: PairState): { state: PairState; rounds: number; promoted: number[] } {
  let current = state;
  const promoted: number[] = [];
  for (let rounds = 0; rounds < 30; rounds += 1) {
    const { steps } = decide(current, NOW);
    if (steps.length === 0) return { state: current, rounds, promoted };
    for (const action of steps) {
      if (action.kind === 'promote') promoted.push(action.deployment);
      current = apply(current, action);
    }
  }
  return assert.fail('it does not settle');
}

describe('decide', () => {
  it('reaches a state in which there is nothing but waiting', () => {
    fc.assert(
      fc.property(anyState, (state) => {
        const { state: end } = settle(state);
        assert.ok(end.scheduled.every(({ live_at }) => live_at > NOW));
        assert.deepEqual(end.ended, []);
        assert.equal(end.dossier.delivered, end.dossier.count);
        assert.equal(end.emitted === null, end.live === null);
        if (end.live !== null) assert.equal(end.emitted?.scheduler, end.live.scheduler);
      }),
    );
  });

  it('gives the same for the same state, and nothing new when its actions are done twice', () => {
    fc.assert(
      fc.property(anyState, (state) => {
        assert.deepEqual(decide(state, NOW), decide(structuredClone(state), NOW));
        const actions = decide(state, NOW).steps.filter(({ kind }) => kind !== 'deliver_dossier');
        const once = actions.reduce(apply, state);
        const twice = actions.reduce(apply, once);
        assert.deepEqual({ ...twice, dossier: null }, { ...once, dossier: null });
      }),
    );
  });

  it('promotes what is due in the order of live_at and number, however the state lists it', () => {
    fc.assert(
      fc.property(anyState, (state) => {
        const due = state.scheduled
          .filter(({ live_at }) => live_at <= NOW)
          .toSorted((a, b) => a.live_at.localeCompare(b.live_at) || a.deployment - b.deployment)
          .map(({ deployment }) => deployment);
        assert.deepEqual(settle(state).promoted, due);
        assert.deepEqual(settle({ ...state, scheduled: state.scheduled.toReversed() }).promoted, due);
      }),
    );
  });

  it('removes the schedule of the old scheduler before it emits for the new one', () => {
    fc.assert(
      fc.property(anyState, (state) => {
        const kinds = decide(state, NOW).steps.map(({ kind }) => kind);
        if (kinds.includes('remove_spec') && kinds.includes('emit_spec')) {
          assert.ok(kinds.indexOf('remove_spec') < kinds.indexOf('emit_spec'));
        }
      }),
    );
  });

  it('leaves a DAG as it is when only the version of the live deployment changes', () => {
    const live = {
      deployment: 1,
      version: 1,
      scheduler: 'airflow' as const,
      schedule: '0 5 * * *',
      timezone: 'UTC',
      live_from: NOW,
    };
    const [base] = fc.sample(anyState, 1);
    assert.ok(base);
    const state: PairState = {
      ...base,
      live,
      first_live_at: NOW,
      to_deploy: [],
      scheduled: [],
      ended: [],
      emitted: null,
    };
    const { state: settled } = settle(state);
    const next = { ...settled, live: { ...live, deployment: 2, version: 2 } };
    assert.deepEqual(decide(next, NOW).steps, []);
  });

  it('takes every step of every other lane while any lanes fail', () => {
    fc.assert(
      fc.property(anyState, fc.func(fc.boolean()), (state, failsIn) => {
        const end = settleWithFailing(state, failsIn);
        assert.ok(Object.keys(end.attempts).every((lane) => failsIn(lane)));
        // Only what fails is left to do, whether or not a promotion is.
        const { promote } = end.attempts;
        for (const attempts of [{}, promote === undefined ? {} : { promote }])
          for (const { lane } of decide({ ...end, attempts }, NOW).steps) assert.ok(failsIn(lane), lane);
      }),
    );
  });

  it('tries a step that failed again at its next try, and at once when it is about something else', () => {
    const at = NOW;
    const later = (minutes: number) => new Date(Date.parse(NOW) + minutes * 60_000).toISOString();
    const state = stateWithSpec('0 5 * * *');
    const [step] = decide(state, NOW).steps;
    assert.ok(step);
    const { lane, subject } = step;
    const error = { code: 'INTERNAL', message: 'away' };
    let attempt = nextAttempt(undefined, { lane, subject, at, error });
    const failed = { ...state, attempts: { [lane]: attempt } };
    assert.deepEqual(decide(failed, NOW), { steps: [], next: later(1), settled: [] });
    assert.equal(dueAt(failed), later(1));
    assert.deepEqual(decide(failed, later(1)).steps, [step]);
    const other = { ...stateWithSpec('0 6 * * *'), attempts: failed.attempts };
    assert.deepEqual([decide(other, NOW).steps.length, decide(other, NOW).settled], [1, [lane]]);
    const waits = Array.from({ length: 6 }, () => {
      const wait = (Date.parse(attempt.next_try) - Date.parse(at)) / 60_000;
      attempt = nextAttempt(attempt, { lane, subject, at, error });
      return wait;
    });
    assert.deepEqual(waits, [1, 2, 4, 8, 10, 10]);
    assert.equal(attempt.since, at);
  });

  it('deploys approved versions one after the other, and one that cannot be deployed holds back no other', () => {
    const state = { ...atRest(), to_deploy: [ordered(3), ordered(2)] };
    assert.deepEqual(deployed(state), [3]);
    const failed = withFailedOrder(state);
    assert.deepEqual(deployed(failed), [2]);
    assert.equal(dueAt(state), DUE_NOW);
  });

  it('tries an order that failed again before a newer one, so that the newer one goes live last', () => {
    const failed = withFailedOrder({ ...atRest(), to_deploy: [ordered(3)] });
    assert.deepEqual(deployed(failed), []);
    const both = { ...failed, ...withOrder(failed, ordered(2)) };
    assert.deepEqual(deployed(both), [3]);
    assert.deepEqual(deployed(withFailedOrder(both)), [2]);
  });

  it('looks at a started archive again after ten minutes, and forgets it once it is noted', () => {
    const ended = [{ deployment: 4, version: 2, live_until: NOW }];
    const state = { ...atRest(), ended };
    const [step] = decide(state, NOW).steps;
    assert.equal(step?.lane, 'archive/4');
    const attempt = nextAttempt(undefined, { lane: 'archive/4', subject: '', at: NOW });
    const started = { ...state, attempts: { 'archive/4': attempt } };
    assert.deepEqual(decide(started, NOW), { steps: [], next: '2026-06-01T12:10:00.000Z', settled: [] });
    assert.deepEqual(decide({ ...started, ended: [] }, NOW).settled, ['archive/4']);
  });
});

function ordered(version: number): PairState['to_deploy'][number] {
  const terms = {
    scheduler: 'temporal',
    schedule: '0 5 * * *',
    timezone: 'UTC',
    go_live: 'next_day',
  } as const;
  return { version, approved_at: NOW, terms, requested_by: 'ana' };
}

/** Versions that are to be deployed now. */
function deployed(state: PairState): readonly number[] {
  return decide(state, NOW).steps.flatMap((step) => (step.kind === 'deploy_approved' ? [step.version] : []));
}

/** After the first order of the state has failed. */
function withFailedOrder(state: PairState): PairState {
  const step = decide(state, NOW).steps.find(({ kind }) => kind === 'deploy_approved');
  assert.ok(step);
  const error = { code: 'APPROVAL_EXPIRED', message: 'expired' };
  const attempt = nextAttempt(undefined, { ...step, at: NOW, error });
  return { ...state, attempts: { ...state.attempts, [step.lane]: attempt } };
}

/** Takes steps until none is left for now; those in lanes that fail never succeed. */
function settleWithFailing(state: PairState, failsIn: (lane: string) => boolean): PairState {
  let current = state;
  for (let round = 0; round < 40; round += 1) {
    const { steps } = decide(current, NOW);
    if (steps.length === 0) return current;
    for (const [lane, inLane] of Map.groupBy(steps, (step) => step.lane)) {
      const [first] = inLane;
      if (first === undefined || !failsIn(lane)) current = inLane.reduce(apply, current);
      else {
        const tried = { ...first, at: NOW, error: { code: 'INTERNAL', message: 'away' } };
        const attempt = nextAttempt(current.attempts[lane], tried);
        current = { ...current, attempts: { ...current.attempts, [lane]: attempt } };
      }
    }
  }
  return assert.fail('it does not settle');
}

function atRest(): PairState {
  const [base] = fc.sample(anyState, 1);
  assert.ok(base);
  return settle({
    ...base,
    live: null,
    first_live_at: null,
    to_deploy: [],
    scheduled: [],
    ended: [],
    emitted: null,
  }).state;
}

function stateWithSpec(schedule: string): PairState {
  const terms = { scheduler: 'airflow', schedule, timezone: 'UTC' } as const;
  return {
    ...atRest(),
    live: { ...terms, deployment: 1, version: 1, live_from: NOW },
    first_live_at: NOW,
  };
}

describe('the moment a pair is due', () => {
  it('is now while there is work, a live_at while there is only waiting, never otherwise', () => {
    fc.assert(
      fc.property(anyState, (state) => {
        const { state: end } = settle(state);
        const [next] = end.scheduled.toSorted((a, b) => a.live_at.localeCompare(b.live_at));
        assert.equal(dueAt(end), next?.live_at);
        if (state.dossier.delivered < state.dossier.count) assert.equal(dueAt(state), DUE_NOW);
      }),
    );
  });
});

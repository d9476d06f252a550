import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { MillraceError } from '#errors/millrace-error.ts';
import type { Pair } from '#configs/pair.ts';
import type { Deployment } from '#registry/deployments/deployment.ts';
import type { LiveInterval } from '#registry/deployments/history.ts';
import type { DossierEntry } from '#registry/dossier/dossier.ts';
import type { VersionStage } from '#registry/versions/stage.ts';
import type { GateVerdict } from '#training/record.ts';
import {
  approval,
  deploymentOf,
  deploymentsOf,
  freshPair,
  historyOf,
  trainedVersion,
  withRegistry,
} from '#test/support/registry.ts';

/** Versions 1 to 4: one sound, one with a failed gate, one with an incomplete card, one sound. */
const FAILED: readonly GateVerdict[] = [{ gate: 'auc', value: 0.6, min: 0.7, passed: false }];
const TRAININGS = [{}, { gates: FAILED }, { missing: ['purpose.product'] }, {}];
const START = Date.parse('2026-02-01T00:00:00Z');

const version = fc.integer({ min: 1, max: 4 });
const number = fc.integer({ min: 1, max: 6 });
const step = fc.oneof(
  fc.record({
    do: fc.constant('approve' as const),
    version,
    by: fc.constantFrom('ada', 'grace'),
    waive: fc.boolean(),
  }),
  fc.record({ do: fc.constant('reject' as const), version }),
  fc.record({ do: fc.constant('schedule' as const), version, number, in: fc.integer({ min: 0, max: 10 }) }),
  fc.record({ do: fc.constant('promote' as const), number }),
  fc.record({ do: fc.constant('promote' as const), number }),
  fc.record({ do: fc.constant('cancel' as const), number }),
  fc.record({ do: fc.constant('archive' as const), version }),
  fc.record({ do: fc.constant('withdraw' as const), version }),
  fc.record({ do: fc.constant('rollback' as const), number, to: fc.option(version) }),
  fc.record({
    do: fc.constant('by-hand' as const),
    version,
    beside: fc.boolean(),
    replaces: fc.option(number),
  }),
  fc.record({ do: fc.constant('note' as const), number }),
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

const stores = await withRegistry();

describe('the way to live', () => {
  it('passes card, gates and an approval by somebody else, whatever is commanded in whatever order', async () => {
    const { registry, objects } = stores;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), async (steps) => {
        const pair = freshPair();
        for (const training of TRAININGS) {
          await registry.registerVersion(await trainedVersion(objects, pair, training));
        }
        let refused = 0;
        for (const [index, one] of steps.entries()) {
          try {
            await carryOut(pair, one, index);
          } catch (error) {
            if (!(error instanceof MillraceError)) throw error;
            refused += 1;
          }
        }
        await checkLives(pair, steps.length - refused);
      }),
      { numRuns: 20 },
    );
  });

  it('is found by a random life often enough for the property to mean something', async () => {
    const pair = freshPair();
    const { registry, objects } = stores;
    await registry.registerVersion(await trainedVersion(objects, pair));
    const life: readonly Step[] = [
      { do: 'schedule', version: 1, number: 1, in: 0 },
      { do: 'approve', version: 1, by: 'ada', waive: false },
      { do: 'approve', version: 1, by: 'grace', waive: false },
      { do: 'schedule', version: 1, number: 1, in: 0 },
      { do: 'promote', number: 1 },
    ];
    const outcomes: string[] = [];
    for (const [index, one] of life.entries()) {
      const outcome = await carryOut(pair, one, index).then(
        () => 'done',
        (error: unknown) => (error instanceof MillraceError ? error.code : String(error)),
      );
      outcomes.push(outcome);
    }
    assert.deepEqual(outcomes, ['VERSION_NOT_APPROVED', 'APPROVER_IS_AUTHOR', 'done', 'done', 'done']);
    await checkLives(pair, 3);
    assert.equal((await historyOf(registry, pair)).length, 1);
  });

  async function carryOut(pair: Pair, one: Step, index: number): Promise<unknown> {
    const { registry } = stores;
    const now = new Date(START + index * 1_000).toISOString();
    stores.clock.at = now;
    const common = { pair, now, commandId: `step-${index}`, principal: 'oper', reason: 'as planned' };
    switch (one.do) {
      case 'approve':
        return registry.judge({
          ...(await approval(registry, pair, one.version)),
          ...common,
          principal: one.by,
          waivers: one.waive ? [{ gate: 'auc', reason: 'small sample' }] : [],
        });
      case 'reject':
        return registry.judge({
          ...(await approval(registry, pair, one.version)),
          ...common,
          verdict: 'reject',
        });
      case 'schedule':
        return registry.schedule({
          ...deploymentOf(
            pair,
            one.number,
            one.version,
            new Date(START + (index + one.in) * 1_000).toISOString(),
          ),
          ...common,
        });
      case 'promote':
        return registry.promote({ ...common, dueBy: now, deployment: one.number });
      case 'cancel':
        return registry.cancelDeployment({ ...common, deployment: one.number });
      case 'archive':
        return registry.archiveVersion({ ...common, version: one.version });
      case 'withdraw':
        return registry.withdrawVersion({ ...common, version: one.version });
      case 'rollback':
        return registry.rollBack({ ...common, fromDeployment: one.number, toVersion: one.to ?? undefined });
      case 'by-hand': {
        const { deployment: _reserved, ...terms } = deploymentOf(pair, 1, one.version, now);
        const byHand = { replaces: one.replaces ?? undefined, beside: one.beside };
        return registry.schedule({ ...terms, ...common, byHand });
      }
      case 'note':
        return registry.noteArchived({ ...common, deployment: one.number });
    }
  }

  /** Reads the pair back and holds it against the rules, with the dossier as the witness of each approval. */
  async function checkLives(pair: Pair, succeeded: number): Promise<void> {
    const { registry } = stores;
    const [state, history, deployments, { items: stages }, { items: entries }] = await Promise.all([
      registry.state(pair),
      historyOf(registry, pair),
      deploymentsOf(registry, pair),
      registry.stages(pair),
      registry.dossier(pair, { limit: 200 }),
    ]);
    for (const interval of history) {
      const approved = entries.filter(
        (entry) => entry.kind === 'version_approved' && entry.facts['version'] === interval.version,
      );
      assert.equal(approved.length, 1);
      assert.ok(interval.version !== 3, 'its card is incomplete');
      assert.equal(approved[0]?.principal, 'grace');
      if (interval.version === 2) assert.notDeepEqual(approved[0]?.facts['waivers'], []);
      assert.ok((approved[0]?.at ?? '') <= interval.live_from);
    }
    assert.deepEqual(
      history.map((interval) => interval.deployment),
      deployments
        .filter((one) => one.live_from !== undefined)
        .toSorted((a, b) => Date.parse(a.live_from ?? '') - Date.parse(b.live_from ?? ''))
        .map((one) => one.deployment),
    );
    for (const { deployment, live_from, live_until, ended_by } of history) {
      const same = deployments.find((one) => one.deployment === deployment);
      assert.deepEqual(
        [same?.live_from, same?.live_until ?? null, same?.ended_by],
        [live_from, live_until, ended_by],
      );
      assert.equal((await registry.liveAt(pair, live_from))?.deployment, deployment);
    }
    for (const [index, { live_until }] of history.entries()) {
      const next = history[index + 1];
      assert.ok(next === undefined ? true : live_until !== null && live_until <= next.live_from);
    }
    const live = deployments.filter(({ status }) => status === 'live');
    assert.deepEqual(
      live.map(({ deployment }) => deployment),
      state.live === null ? [] : [state.live.deployment],
    );
    assert.deepEqual(
      stages.filter(({ stage }) => stage === 'live').map((one) => one.version),
      state.live === null ? [] : [state.live.version],
    );
    assert.deepEqual(
      deployments.filter(({ status }) => status === 'scheduled').map(({ deployment }) => deployment),
      state.scheduled.map(({ deployment }) => deployment).toSorted((a, b) => a - b),
    );
    assert.equal(await registry.rollbackTarget(pair), rollbackCandidates(history, stages)[0]);
    checkWithdrawn(entries, stages);
    checkRollbacks(entries, deployments);
    assert.ok(state.seq <= 4 + succeeded);
    assert.equal((await registry.verifyDossier(pair)).verified, true);
  }
});

/**
 * The versions that a rollback may lead to by itself, the one that was live most recently first. None while no version is
 * live. A version that somebody took out of live by hand is not among them until it has been live again and was replaced.
 */
function rollbackCandidates(
  history: readonly LiveInterval[],
  stages: readonly VersionStage[],
): readonly number[] {
  const live = history.at(-1);
  if (live === undefined || live.live_until !== null) return [];
  const last = new Map(history.map((interval) => [interval.version, interval]));
  const withdrawn = stages.filter(({ stage }) => stage === 'withdrawn').map(({ version }) => version);
  return [...last.values()]
    .filter(({ version, ended_by }) => version !== live.version && ended_by === 'replaced')
    .filter(({ version }) => !withdrawn.includes(version))
    .toSorted((a, b) => Date.parse(b.live_from) - Date.parse(a.live_from))
    .map(({ version }) => version);
}

/** No path leads out of the stage: nothing brings the version back after its withdrawal. */
function checkWithdrawn(entries: readonly DossierEntry[], stages: readonly VersionStage[]): void {
  for (const { seq, facts } of entries.filter(({ kind }) => kind === 'version_withdrawn')) {
    const later = entries.filter((entry) => entry.seq > seq && entry.facts['version'] === facts['version']);
    const kinds = later.map(({ kind }) => kind).filter((kind) => kind !== 'archive_finished');
    assert.deepEqual(kinds, []);
    const stage = stages.find(({ version }) => version === facts['version']);
    assert.equal(stage?.stage, 'withdrawn');
    assert.equal(stage?.withdrawal?.reason, 'as planned');
  }
  const withdrawn = entries.filter(({ kind }) => kind === 'version_withdrawn').length;
  assert.equal(stages.filter(({ stage }) => stage === 'withdrawn').length, withdrawn);
}

/** Each rollback left what was live, for a version that nobody had taken out by hand by archiving or withdrawing it. */
function checkRollbacks(entries: readonly DossierEntry[], deployments: readonly Deployment[]): void {
  for (const { seq, at, facts } of entries.filter(({ kind }) => kind === 'rolled_back')) {
    const left = deployments.find(({ deployment }) => deployment === facts['replaced']);
    assert.deepEqual([left?.live_until, left?.ended_by], [at, 'rolled_back']);
    const before = entries.findLast(
      (entry) =>
        entry.seq < seq &&
        entry.facts['version'] === facts['version'] &&
        ['version_archived', 'deployment_promoted', 'version_withdrawn'].includes(entry.kind),
    );
    assert.equal(before?.kind === 'version_archived' ? before.principal : 'reconciler', 'reconciler');
  }
}

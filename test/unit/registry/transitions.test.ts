import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { STAGES, type Stage } from '#registry/versions/stage.ts';
import { canMove, checkMove, stageWhenScheduled, TRANSITIONS } from '#registry/versions/transitions.ts';

const ALLOWED: readonly (readonly [Stage, Stage])[] = [
  ['registered', 'approved'],
  ['registered', 'rejected'],
  ['registered', 'deleted'],
  ['rejected', 'deleted'],
  ['approved', 'scheduled'],
  ['approved', 'archived'],
  ['approved', 'registered'],
  ['scheduled', 'live'],
  ['scheduled', 'approved'],
  ['live', 'archived'],
  ['archived', 'live'],
  ['registered', 'withdrawn'],
  ['approved', 'withdrawn'],
  ['scheduled', 'withdrawn'],
  ['live', 'withdrawn'],
  ['archived', 'withdrawn'],
];

describe('stage moves', () => {
  for (const from of STAGES) {
    for (const to of STAGES) {
      const allowed = ALLOWED.some(([a, b]) => a === from && b === to);
      it(`${from} to ${to} is ${allowed ? 'allowed' : 'refused'}`, () => {
        assert.equal(canMove(from, to), allowed);
        if (allowed) checkMove(1, from, to);
        else assert.throws(() => checkMove(1, from, to), { code: 'STAGE_MOVE_NOT_ALLOWED' });
      });
    }
  }

  it('leave no way to live that does not pass approved', () => {
    const reached = new Set<Stage>();
    const open: Stage[] = ['registered'];
    for (let stage = open.pop(); stage !== undefined; stage = open.pop()) {
      if (stage === 'approved' || reached.has(stage)) continue;
      reached.add(stage);
      open.push(...TRANSITIONS[stage]);
    }
    assert.deepEqual([...reached].toSorted(), ['deleted', 'registered', 'rejected', 'withdrawn']);
  });
});

describe('a final stage', () => {
  for (const stage of ['withdrawn', 'deleted'] as const)
    it(`has no way out: ${stage}`, () => assert.deepEqual(TRANSITIONS[stage], []));
  it('leaves a rejected version nothing but its deletion', () =>
    assert.deepEqual(TRANSITIONS.rejected, ['deleted']));
});

describe('the stage of a version with a scheduled deployment', () => {
  it('is scheduled once it was approved, and unchanged while it is live or archived', () => {
    assert.equal(stageWhenScheduled(1, 'approved'), 'scheduled');
    assert.equal(stageWhenScheduled(1, 'scheduled'), 'scheduled');
    assert.equal(stageWhenScheduled(1, 'live'), 'live');
    assert.equal(stageWhenScheduled(1, 'archived'), 'archived');
  });
  for (const stage of ['registered', 'rejected', 'deleted'] as const) {
    it(`is refused while it is ${stage}`, () => {
      assert.throws(() => stageWhenScheduled(1, stage), { code: 'VERSION_NOT_APPROVED' });
    });
  }
  it('is refused by a code of its own once it is withdrawn', () => {
    assert.throws(() => stageWhenScheduled(1, 'withdrawn'), { code: 'VERSION_WITHDRAWN' });
  });
});

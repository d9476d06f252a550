import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TrainingKey } from '#training/key.ts';
import { parseWorkflowId, scheduleId, workflowId } from '#workflows/contract/ids.ts';

const pair = { model: 'risk', feature_set: 'behaviour' };
const key: TrainingKey = { ...pair, training_digest: 'a'.repeat(32), as_of: '2024-05-01' };
const scores = { ...pair, version: 3, score_date: '2024-05-02', revision: 2 };

test('ids are natural keys that a person can read and that other programs look up', () => {
  const tail = `risk/behaviour/${'a'.repeat(32)}/2024-05-01`;
  const partition = {
    feature_set: 'behaviour',
    definition_digest: 'd'.repeat(32),
    dt: '2024-05-01',
    revision: 1,
  };
  assert.deepEqual(
    [
      workflowId.materialise(partition),
      workflowId.train(key),
      workflowId.import(key),
      workflowId.register(key),
      workflowId.lifecycle(key),
      workflowId.deploy(pair, 4),
      workflowId.archive(pair, 3),
      workflowId.score(scores),
      workflowId.backfill(pair, 3, '2024-05-01', '2024-05-31'),
      workflowId.reconcile(pair),
      workflowId.repair(pair),
      scheduleId.sweep,
      scheduleId.sweepStore,
      scheduleId.score(pair),
    ],
    [
      `materialise/behaviour/${'d'.repeat(32)}/2024-05-01/r1`,
      `train/${tail}`,
      `import/${tail}`,
      `register/${tail}`,
      `lifecycle/${tail}`,
      'deploy/risk/behaviour/4',
      'archive/risk/behaviour/3',
      'score/risk/behaviour/v3/2024-05-02/r2',
      'backfill/risk/behaviour/v3/2024-05-01..2024-05-31',
      'reconcile/risk/behaviour',
      'repair/risk/behaviour',
      'reconcile-sweep',
      'sweep-store',
      'score-daily/risk/behaviour',
    ],
  );
});

test('what scores in flight are listed by is how their ids begin', () => {
  assert.ok(workflowId.score(scores).startsWith(`score/${pair.model}/${pair.feature_set}/v3/`));
  assert.ok(!workflowId.score({ ...scores, version: 31 }).startsWith('score/risk/behaviour/v3/'));
});

test('parses every id that it builds, and no other', () => {
  const partition = {
    feature_set: 'behaviour',
    definition_digest: 'd'.repeat(32),
    dt: '2024-05-01',
    revision: 1,
  };
  assert.deepEqual(parseWorkflowId(workflowId.materialise(partition)), {
    kind: 'materialise',
    feature_set: 'behaviour',
  });
  const ofPair = {
    train: workflowId.train(key),
    import: workflowId.import(key),
    register: workflowId.register(key),
    lifecycle: workflowId.lifecycle(key),
    deploy: workflowId.deploy(pair, 4),
    archive: workflowId.archive(pair, 3),
    score: workflowId.score(scores),
    backfill: workflowId.backfill(pair, 3, '2024-05-01', '2024-05-31'),
    reconcile: workflowId.reconcile(pair),
    repair: workflowId.repair(pair),
  };
  assert.deepEqual(Object.keys({ materialise: '', ...ofPair }).sort(), Object.keys(workflowId).sort());
  for (const [kind, id] of Object.entries(ofPair)) assert.deepEqual(parseWorkflowId(id), { kind, pair }, id);
  for (const id of Object.values(ofPair)) {
    for (const other of [`${id}/more`, `${id}\n`, ` ${id}`, id.toUpperCase(), id.replace('risk', '../risk')])
      assert.equal(parseWorkflowId(other), undefined, other);
  }
  for (const other of [
    '',
    'deploy/risk/behaviour/0',
    'deploy/risk/behaviour/04',
    'deploy/risk/behaviour/0x4',
    'score/risk/behaviour/v3/2024-05-02',
    'constructor/risk/behaviour',
    'temporal-sys-scheduler:reconcile-sweep',
    scheduleId.sweep,
    scheduleId.sweepStore,
    scheduleId.score(pair),
  ])
    assert.equal(parseWorkflowId(other), undefined, other);
});

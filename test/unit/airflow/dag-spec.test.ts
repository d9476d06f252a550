import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dagSpec, dagSpecKey } from '#airflow/dag-spec.ts';

const pair = { model: 'default_risk', feature_set: 'repayment_behaviour' };
const wanted = {
  scheduler: 'airflow',
  schedule: '0 5 * * *',
  timezone: 'Europe/London',
  start: '2026-02-01T00:00:00.000Z',
} as const;

test('a spec says when, and nothing of versions', () => {
  assert.deepEqual(dagSpec(pair, wanted), {
    spec_version: 1,
    dag_id: 'millrace-default_risk-repayment_behaviour',
    model: 'default_risk',
    feature_set: 'repayment_behaviour',
    schedule: '0 5 * * *',
    timezone: 'Europe/London',
    start_date: '2026-02-01T00:00:00.000Z',
    enabled: true,
    content_hash: 'd00e0337e4a3ffc80b5b070afc6c4110',
  });
});

test('a pair that Temporal schedules has a DAG that is switched off', () => {
  const spec = dagSpec(pair, { ...wanted, scheduler: 'temporal' });
  assert.equal(spec.enabled, false);
  assert.notEqual(spec.content_hash, dagSpec(pair, wanted).content_hash);
});

test('pairs whose names join to the same letters have different files', () => {
  assert.notEqual(
    dagSpecKey({ model: 'a_b', feature_set: 'c' }),
    dagSpecKey({ model: 'a', feature_set: 'b_c' }),
  );
});

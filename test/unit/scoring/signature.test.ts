import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MillraceError } from '#errors/millrace-error.ts';
import type { PartitionManifest } from '#features/partitions/partition.ts';
import { checkPartition } from '#scoring/columns.ts';
import { parseSignature } from '#scoring/signature.ts';
import { signatureOf } from '#test/support/onnx-models.ts';

const signature = signatureOf([
  { name: 'usage', type: 'double', baseline: null },
  { name: 'town', type: 'string', baseline: 'ulm' },
]);
const partition: PartitionManifest = {
  feature_set: 'behaviour',
  definition_digest: 'd'.repeat(32),
  dt: '2026-02-01',
  revision: 1,
  parts: [],
  rows: 10,
  schema: [
    { name: 'id', type: 'bigint' },
    { name: 'usage', type: 'double' },
    { name: 'town', type: 'string' },
    { name: 'more', type: 'double' },
  ],
  inputs: [],
  checks: [],
  statistics: [],
  lineage: [],
  engine: 'duckdb',
  built_by: { workflow_id: 'w', run_id: 'r' },
  built_at: '2026-02-01T00:00:00.000Z',
};
const refused = (code: string, text: RegExp) => (error: unknown) =>
  error instanceof MillraceError && error.code === code && text.test(error.message);

test('a partition with the columns of the model can be scored, whatever else it holds', () => {
  checkPartition(partition, signature);
});

test('an empty partition is refused', () => {
  assert.throws(
    () => checkPartition({ ...partition, rows: 0 }, signature),
    refused('SCORE_PARTITION_EMPTY', /has no rows/),
  );
});

test('all missing columns are named at once, the entity too', () => {
  assert.throws(
    () => checkPartition({ ...partition, schema: [{ name: 'town', type: 'string' }] }, signature),
    refused('SCORE_COLUMN_MISSING', /lacks id, usage\.$/),
  );
});

test('a column that changed its type is refused with both types', () => {
  const schema = partition.schema.map((c) => (c.name === 'usage' ? { ...c, type: 'string' as const } : c));
  assert.throws(
    () => checkPartition({ ...partition, schema }, signature),
    refused('SCORE_COLUMN_TYPE', /usage is string, trained on double/),
  );
});

test('a signature survives its JSON', () => {
  assert.deepEqual(parseSignature(JSON.stringify(signature), 'test'), signature);
});

test('a signature that contradicts itself is refused by the feature’s name', () => {
  const [usage, town] = signature.features;
  assert.ok(usage && town);
  const wrong = [
    { ...usage, drift: town.drift },
    { ...usage, baseline: 'ulm' },
    { ...usage, drift: { ...usage.drift, shares: [1] } },
  ];
  for (const feature of wrong) {
    const text = JSON.stringify({ ...signature, features: [feature, town] });
    assert.throws(() => parseSignature(text, 'test'), refused('SIGNATURE_INVALID', /usage/));
  }
  assert.throws(() => parseSignature('{', 'test'), refused('SIGNATURE_INVALID', /does not hold JSON/));
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { platformSchema } from '#configs/platform.ts';
import { defaultModel, featureSet } from '#test/support/feature-configs.ts';
import { trainingProgram, type TrainingProgramInput } from '#training/program.ts';

const model = defaultModel({}, { resources: { cpu: 2, memory: '1Gi' } });
const INPUT: TrainingProgramInput = {
  key: { model: 'risk', feature_set: 'behaviour', training_digest: 'd'.repeat(32), as_of: '2024-05-01' },
  jobKey: 'job-1',
  memoryStep: 0,
  model,
  set: featureSet(),
  platform: platformSchema.parse({ kind: 'Platform', training: { timeout_minutes: 5 } }),
  frame: { key: 'models/frame.parquet', sha256: 'f'.repeat(64), rows: 40, unlabelled: 2, waiting_dates: 0 },
  frameUri: 's3://lake/models/frame.parquet',
  outputUri: 's3://lake/models/attempt=job-1/',
  trainerDigest: 'trainer',
};

test('says what runs, with which resources, for how long and where its output goes', () => {
  const { input, ...program } = trainingProgram(INPUT);
  assert.deepEqual(program, {
    key: 'job-1',
    program: 'millrace_trainer',
    version: 'trainer',
    role: 'training',
    output: 's3://lake/models/attempt=job-1/',
    resources: { cpu: 2, memoryMiB: 1024 },
    timeoutSeconds: 300,
    title: 'train risk as of 2024-05-01',
    labels: { model: 'risk', feature_set: 'behaviour' },
  });
  assert.deepEqual(Object.keys(Object(input)), [
    'spec_version',
    'model',
    'feature_set',
    'training_id',
    'as_of',
    'grain',
    'estimator',
    'params',
    'seed',
    'packages',
    'split',
    'gates',
    'cut_off',
    'columns',
    'frame',
    'output',
  ]);
});

test('doubles the memory with each step', () => {
  const memory = [0, 1, 2].map((memoryStep) => trainingProgram({ ...INPUT, memoryStep }).resources.memoryMiB);
  assert.deepEqual(memory, [1024, 2048, 4096]);
  const small = defaultModel({}, { resources: { cpu: 1, memory: '512Mi' } });
  assert.equal(trainingProgram({ ...INPUT, model: small }).resources.memoryMiB, 512);
});

import { partitionManifests } from '#features/partitions/manifest.ts';
import { partitionPrefix, type PartitionManifest } from '#features/partitions/partition.ts';
import { readEnvironment } from '#configs/environment.ts';
import type { ManifestFile } from '#platform/manifests/manifest-store.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { createS3ObjectStore } from '#platform/objects/s3-object-store.ts';
import { scoresManifests } from '#scoring/scores-manifest.ts';
import { scoresPrefix, type ScoresManifest } from '#scoring/scores.ts';
import { startFaultProxy } from '#test/support/fault-proxy.ts';
import { freshBucket } from '#test/support/stores.ts';
import { trainingId } from '#training/digest.ts';
import { trainingManifests } from '#training/manifest.ts';
import { trainingPrefix, type TrainingRecord } from '#training/record.ts';
import { manifestStoreContract, type DisturbedBucket } from './manifest-store.contract.ts';

const DIGEST = 'd'.repeat(32);
const BUILT = {
  built_by: { workflow_id: 'w', run_id: 'r' },
  built_at: '2026-02-03T05:00:01.000Z',
};
const pair = { model: 'risk', feature_set: 'behaviour' };
const partitionRef = (revision: number) => ({
  feature_set: 'behaviour',
  definition_digest: DIGEST,
  dt: '2026-02-01',
  revision,
});

async function openS3(): Promise<DisturbedBucket> {
  const env = readEnvironment();
  const objects = await freshBucket();
  const network = await startFaultProxy(env.MILLRACE_S3_ENDPOINT ?? '');
  const disturbed = createS3ObjectStore({ ...env, MILLRACE_S3_ENDPOINT: network.url }, objects.bucket);
  return {
    objects,
    disturbed,
    network,
    async [Symbol.asyncDispose]() {
      await disturbed[Symbol.asyncDispose]();
      await network[Symbol.asyncDispose]();
      await objects[Symbol.asyncDispose]();
    },
  };
}

/** Two files of an attempt, as a manifest names them. */
function uploadTwo(objects: ObjectStore, prefix: string, attempt: string): Promise<readonly ManifestFile[]> {
  return Promise.all(
    [0, 1].map(async (nth) => {
      const { key, size, sha256 } = await objects.put(`${prefix}file-${nth}.${attempt}`, `${attempt} ${nth}`);
      return { key, size, sha256 };
    }),
  );
}

const withRows = (files: readonly ManifestFile[]) => files.map((file) => ({ ...file, rows: 1 }));

manifestStoreContract('partitions on S3', openS3, {
  kind: partitionManifests,
  ref: partitionRef,
  upload: async (objects, ref, attempt): Promise<PartitionManifest> => ({
    ...ref,
    parts: withRows(await uploadTwo(objects, partitionPrefix(ref), attempt)),
    rows: 2,
    schema: [{ name: 'account', type: 'bigint' }],
    inputs: [],
    checks: [],
    statistics: [],
    lineage: [],
    engine: 'duckdb',
    ...BUILT,
  }),
});

manifestStoreContract('scores on S3', openS3, {
  kind: scoresManifests,
  ref: (revision) => ({ ...pair, version: 1, score_date: '2026-02-03', revision }),
  upload: async (objects, ref, attempt): Promise<ScoresManifest> => ({
    ...ref,
    partition: partitionRef(1),
    parts: withRows(await uploadTwo(objects, scoresPrefix(ref), attempt)),
    rows: 2,
    declined: 0,
    cut_off: 0.5,
    schema: [],
    drift: [],
    reason_texts: {},
    mean_probability: 0.25,
    engine: 'onnx',
    model_sha256: 'a'.repeat(64),
    ...BUILT,
  }),
});

manifestStoreContract('trainings on S3', openS3, {
  kind: trainingManifests,
  ref: (nth) => ({ ...pair, training_digest: String(nth).padStart(32, '0'), as_of: '2026-01-01' }),
  upload: async (objects, name, attempt): Promise<TrainingRecord> => {
    const training_id = trainingId(name);
    const prefix = `${trainingPrefix(name, training_id)}attempt=${attempt}/`;
    const files = await uploadTwo(objects, prefix, attempt);
    return {
      ...name,
      training_id,
      requested_by: 'ada',
      definition_digest: DIGEST,
      config_digest: DIGEST,
      configs: DIGEST,
      partitions: [partitionRef(1)],
      artifacts: files.map((file, nth) => ({ ...file, name: `file-${nth}` })),
      metrics: { auc: 0.75 },
      gates: [{ gate: 'auc', value: 0.75, min: 0.7, passed: true }],
      engine: 'onnx',
      cut_off: 0.35,
      rows: { train: 7, test: 3 },
      build: {
        trainer_digest: DIGEST,
        lock_digest: DIGEST,
        code_commit: 'unknown',
        seed: 7,
        workflow_id: 'w',
        run_id: 'r',
        job_key: attempt,
      },
    };
  },
});

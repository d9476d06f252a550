import { createManifestStore, type Committed } from '#platform/manifests/manifest-store.ts';
import type { ObjectRef } from '#platform/objects/object-ref.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { trainingManifests, type TrainingName } from './manifest.ts';
import type { GateVerdict, TrainingRecord } from './record.ts';

/** A committed training: what callers need to find and check it. */
export interface CommittedTraining {
  readonly training_id: string;
  readonly manifest: ObjectRef;
  readonly metrics: Readonly<Record<string, number>>;
  readonly gates: readonly GateVerdict[];
}

export type TrainingStore = ReturnType<typeof createTrainingStore>;

/** Committed trainings, read from their manifests. */
export function createTrainingStore(objects: ObjectStore) {
  const manifests = createManifestStore(objects, trainingManifests);
  return {
    async find(name: TrainingName): Promise<CommittedTraining | undefined> {
      const found = await manifests.find(name);
      return found && describe(found);
    },
    /** Throws `ARTIFACT_MISSING`, `ARTIFACT_DIGEST_MISMATCH`, `MANIFEST_INVALID`. */
    read: (manifest: ObjectRef): Promise<TrainingRecord> => manifests.read(manifest),
    /** Commits a training, or adopts the one committed first by another run. */
    commit: async (record: TrainingRecord): Promise<CommittedTraining> =>
      describe(await manifests.commit(record)),
  };
}

function describe({ key, sha256, manifest }: Committed<TrainingRecord>): CommittedTraining {
  const { training_id, metrics, gates } = manifest;
  return { training_id, manifest: { key, sha256 }, metrics, gates };
}

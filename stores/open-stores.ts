import { createAuditStore } from '#access/audit-store.ts';
import { createKeyedRequestStore } from '#access/keyed-requests.ts';
import { createKeysStore } from '#access/keys-store.ts';
import { createDagSpecStore } from '#airflow/store.ts';
import { createConfigStore } from '#catalog/config-store.ts';
import { createPartitionStore } from '#features/partitions/partition-store.ts';
import type { Platform } from '#platform/open-platform.ts';
import type { CommitNote } from '#registry/commit-to-pair.ts';
import type { DossierListener } from '#registry/dossier/dossier-listener.ts';
import { createRegistry } from '#registry/registry.ts';
import { createSweepMarks } from '#registry/sweep-marks.ts';
import { createScoresStore } from '#scoring/scores-store.ts';
import { createTrainingStore } from '#training/store.ts';
import { createUploadStore } from '#training/upload-store.ts';

export type Stores = ReturnType<typeof openStores>;

interface Options {
  readonly now?: () => Date;
  /** Receivers of dossier entries beside the object store. */
  readonly listeners?: readonly DossierListener[];
  /** See `RegistryOptions`. */
  readonly note?: () => CommitNote | undefined;
}

/** Every store of an installation, on one table and one bucket. */
export function openStores({ table, objects }: Pick<Platform, 'table' | 'objects'>, options: Options = {}) {
  const { now } = options;
  return {
    audit: createAuditStore(table),
    configs: createConfigStore(table, objects, now),
    dagSpecs: createDagSpecStore(objects),
    keyedRequests: createKeyedRequestStore(table),
    keys: createKeysStore(table, now),
    partitions: createPartitionStore(table, objects),
    registry: createRegistry(table, objects, options),
    scores: createScoresStore(table, objects),
    sweeps: createSweepMarks(table),
    trainings: createTrainingStore(objects),
    uploads: createUploadStore(objects),
  };
}

import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import type { Environment } from '#configs/environment.ts';
import { createDagSpecStore } from '#airflow/store.ts';
import { createDeploymentActivities } from '#activities/deployment.ts';
import { createFeatureActivities } from '#activities/features.ts';
import { createHousekeepingActivities } from '#activities/housekeeping.ts';
import { createReconcileActivities } from '#activities/reconcile.ts';
import { createRegistrationActivities } from '#activities/registration.ts';
import { createScoringActivities } from '#activities/scoring.ts';
import { createSharedRunActivities } from '#activities/shared-runs.ts';
import { createTrainingActivities } from '#activities/training.ts';
import { createDuckDbEngine } from '#features/engines/duckdb/duckdb-engine.ts';
import { createPartitionStore } from '#features/partitions/partition-store.ts';
import type { JobBackend } from '#platform/jobs/job-backend.ts';
import { createProcessJobBackend } from '#platform/jobs/process/process-job-backend.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { createS3ObjectStore } from '#platform/objects/s3-object-store.ts';
import { openTable, type TableHandle } from '#platform/table/table.ts';
import { createConfigStore } from '#catalog/config-store.ts';
import { createRegistry } from '#registry/registry.ts';
import { createTrainingStore } from '#training/store.ts';
import { createScoresStore } from '#scoring/scores-store.ts';

/** The outside systems of one worker process. */
export interface Backends {
  readonly table: TableHandle;
  readonly objects: ObjectStore;
  readonly jobs: JobBackend;
}

export function openBackends(env: Environment): Backends & AsyncDisposable {
  const table = openTable(env);
  const objects = createS3ObjectStore(env);
  return {
    table,
    objects,
    // Outside jobs as processes of this machine.
    jobs: createProcessJobBackend({ root: join(env.MILLRACE_HOME, 'jobs') }),
    async [Symbol.asyncDispose]() {
      // Connections kept open for the next request would hold the process for a minute.
      table.client.destroy();
      await objects[Symbol.asyncDispose]();
    },
  };
}

/** Builds every store a worker needs, and hands each area of activities just its own. */
export function wireActivities(env: Environment, client: Client, { table, objects, jobs }: Backends) {
  const scratch = join(env.MILLRACE_HOME, 'scratch');
  const configs = createConfigStore(table, objects);
  const partitions = createPartitionStore(table, objects);
  const registry = createRegistry(table, objects);
  const trainings = createTrainingStore(objects);
  const scores = createScoresStore(table, objects);
  const builds = { engine: createDuckDbEngine({ env, objects, folder: scratch }), objects, partitions };
  return mergeOnce(
    createSharedRunActivities({ client }),
    createFeatureActivities({ client, configs, partitions, builds }),
    createTrainingActivities({ env, table, jobs, configs, objects, trainings, frames: builds }),
    createRegistrationActivities({ client, configs, objects, partitions, registry, trainings }),
    createDeploymentActivities({ client, registry }),
    createReconcileActivities({ client, registry, dagSpecs: createDagSpecStore(objects) }),
    createScoringActivities({ client, configs, partitions, registry, scores, shards: { objects, scratch } }),
    createHousekeepingActivities({ client, jobs, objects }),
  );
}

type Activities = Readonly<Record<string, (...args: never[]) => unknown>>;

/** Two activities of one name would silently be one. */
export function mergeOnce(...sets: readonly Activities[]): Activities {
  const merged: Record<string, (...args: never[]) => unknown> = {};
  for (const [name, activity] of sets.flatMap((set) => Object.entries(set))) {
    if (name in merged) throw new TypeError(`two activities are named "${name}"`);
    merged[name] = activity;
  }
  return merged;
}

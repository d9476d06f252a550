import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import type { Environment } from '#configs/environment.ts';
import { createDeploymentActivities } from '#activities/deployment.ts';
import { createFeatureActivities } from '#activities/features.ts';
import { createHousekeepingActivities } from '#activities/housekeeping.ts';
import { createImportActivities } from '#activities/imports.ts';
import { createJobActivities } from '#activities/jobs.ts';
import { createReconcileActivities } from '#activities/reconcile.ts';
import { createRegistrationActivities } from '#activities/registration.ts';
import { createScoringActivities } from '#activities/scoring.ts';
import { createSharedRunActivities } from '#activities/shared-runs.ts';
import { lifecycleListener } from '#activities/lifecycle-listener.ts';
import { createVerifyActivities } from '#activities/verify.ts';
import { createTrainingActivities } from '#activities/training.ts';
import { createWorkOwners } from '#catalog/work-owners.ts';
import type { Platform } from '#platform/open-platform.ts';
import { openStores, type Stores } from '#stores/open-stores.ts';
import type { VersionReader } from '#workflows/contract/signals.ts';
import { createDuckDbEngine } from '#features/engines/duckdb/duckdb-engine.ts';

/** Opens the stores and passes each group of activities only the stores it needs. */
export function wireActivities(env: Environment, client: Client, { table, objects, jobs }: Platform) {
  const scratch = join(env.MILLRACE_HOME, 'scratch');
  const versions: VersionReader = { version: (pair, version) => stores.registry.version(pair, version) };
  const stores: Stores = openStores({ table, objects }, { listeners: [lifecycleListener(client, versions)] });
  const { configs, dagSpecs, partitions, registry, scores, sweeps, trainings, uploads } = stores;
  const running = {
    client,
    configs,
    jobs,
    objects,
    table,
    hostPatienceMs: env.MILLRACE_HOST_PATIENCE_SECONDS * 1_000,
  };
  const owners = createWorkOwners(configs);
  const builds = { engine: createDuckDbEngine({ env, objects, folder: scratch }), objects, partitions };
  return mergeOnce(
    createSharedRunActivities({ client }),
    createFeatureActivities({ client, configs, partitions, builds }),
    createTrainingActivities({ ...running, env, trainings, frames: builds }),
    createImportActivities({ ...running, env, trainings, uploads, scratch }),
    createJobActivities({ client, jobs, table }),
    createRegistrationActivities({ client, configs, objects, partitions, registry, trainings }),
    createDeploymentActivities({ client, configs, registry }),
    createReconcileActivities({ client, registry, dagSpecs, sweeps, owners }),
    createVerifyActivities({ client, registry, dagSpecs, sweeps, owners }),
    createScoringActivities({ client, configs, partitions, registry, scores, shards: { objects, scratch } }),
    createHousekeepingActivities({ client, jobs, objects, sweeps }),
  );
}

type Activities = Readonly<Record<string, (...args: never[]) => unknown>>;

/** Throws on a duplicate activity name, which would otherwise silently replace the first activity. */
export function mergeOnce(...sets: readonly Activities[]): Activities {
  const merged: Record<string, (...args: never[]) => unknown> = {};
  for (const [name, activity] of sets.flatMap((set) => Object.entries(set))) {
    if (name in merged) throw new TypeError(`Two activities are named "${name}".`);
    merged[name] = activity;
  }
  return merged;
}

import type { Client } from '@temporalio/client';
import type { Environment } from '#configs/environment.ts';
import type { PartitionStore } from '#features/partitions/partition-store.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import type { ConfigStore } from '#catalog/config-store.ts';
import type { Registry } from '#registry/registry.ts';
import type { TrainingStore } from '#training/store.ts';
import type { ScoresStore } from '#scoring/scores-store.ts';
import type { WorkflowStarter } from '../workflows/starter.ts';

/** What the routes that start workflows read before they start one: a wrong request reaches no workflow. */
export interface StartDeps {
  readonly environment: Environment;
  readonly temporal: Client;
  readonly starter: WorkflowStarter;
  readonly configs: ConfigStore;
  readonly objects: ObjectStore;
  readonly partitions: PartitionStore;
  readonly trainings: TrainingStore;
  readonly registry: Registry;
  readonly scores: ScoresStore;
  readonly now: () => Date;
}

import type { Client } from '@temporalio/client';
import type { Environment } from '#configs/environment.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import type { Stores } from '#stores/open-stores.ts';
import type { WorkflowStarter } from '../workflows/starter.ts';

/** What the routes that start workflows read before they start one: a wrong request reaches no workflow. */
export interface StartDeps extends Pick<
  Stores,
  'configs' | 'partitions' | 'registry' | 'scores' | 'trainings' | 'uploads'
> {
  readonly environment: Environment;
  readonly temporal: Client;
  readonly starter: WorkflowStarter;
  readonly objects: ObjectStore;
  readonly now: () => Date;
}

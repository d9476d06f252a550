import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import pLimit from 'p-limit';
import type { Environment } from '#configs/environment.ts';
import type { Pair } from '#configs/pair.ts';
import type { ModelConfig } from '#configs/model.ts';
import { defaultPlatform } from '#configs/platform.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import type { PartitionStore } from '#features/partitions/partition-store.ts';
import type { AppliedConfigs } from '#catalog/config-store.ts';
import { evidenceOf } from '#registry/versions/judgement.ts';
import type { Registry } from '#registry/registry.ts';
import { trainingRequest, type TrainingRequest } from '#training/request.ts';
import { TASK_QUEUES, workflowId } from '#workflows/contract/ids.ts';
import type { LifecycleInput } from '#workflows/contract/messages.ts';
import { signalChanged } from '#workflows/contract/signals.ts';
import type { BenchModels } from './models.ts';

export interface LifeDeps {
  readonly env: Environment;
  readonly client: Client;
  readonly registry: Registry;
  readonly objects: ObjectStore;
  readonly partitions: PartitionStore;
  readonly applied: AppliedConfigs;
  readonly bench: BenchModels;
}

export interface Life {
  readonly workflow_id: string;
  readonly deployment: number;
  /** From the start to the result, in milliseconds. */
  readonly ms: number;
}

const LOOK_AGAIN_MS = 20;
/** People who start and approve at the same moment; a thousand would be a load of their own. */
const people = pLimit(20);

/** What a person who starts the life of this model asks for. */
export function requestFor({ objects, partitions, bench, applied, env }: LifeDeps, model: ModelConfig) {
  const ask = { model, set: bench.set, configs: applied.configs, as_of: bench.asOf, env };
  return people(() => trainingRequest({ objects, partitions }, ask));
}

/** Starts a lifecycle as the API does. */
export async function startLife({ client, applied }: LifeDeps, { key, partitions, parts }: TrainingRequest) {
  const input: LifecycleInput = {
    key,
    partitions,
    parts,
    configs: applied.base_digest,
    requested_by: 'bench',
  };
  return people(() =>
    client.workflow.start('modelLifecycle', {
      workflowId: workflowId.lifecycle(key),
      taskQueue: TASK_QUEUES.lifecycle,
      args: [input],
    }),
  );
}

export async function approve(
  { client, registry }: LifeDeps,
  { version, ...pair }: Pair & { readonly version: number },
): Promise<void> {
  await people(async () => {
    await registry.judge({
      pair,
      version,
      verdict: 'approve',
      principal: 'bench-approver',
      reason: 'bench',
      waivers: [],
      commandId: `approve/${version}`,
      roles: ['approver'],
      evidence: evidenceOf(await registry.version(pair, version), { card: null }),
      rules: defaultPlatform.approval,
    });
    await signalChanged(client, registry, { ...pair, version });
  });
}

/** One whole lifecycle. The version is approved as soon as it is registered. */
export async function liveOnce(deps: LifeDeps, model: ModelConfig): Promise<Life> {
  const { client } = deps;
  const request = await requestFor(deps, model);
  const { key } = request;
  const start = performance.now();
  const handle = await startLife(deps, request);
  await resultOf(client, workflowId.train(key));
  const { version } = (await resultOf(client, workflowId.register(key))) as { readonly version: number };
  await approve(deps, { model: key.model, feature_set: key.feature_set, version });
  const result = (await handle.result()) as { readonly deployment: number };
  return { workflow_id: handle.workflowId, deployment: result.deployment, ms: performance.now() - start };
}

/**
 * Waits through Temporal, so that a hundred waiting lifecycles put no load on the stores. A child may not have started
 * yet.
 */
async function resultOf(client: Client, id: string): Promise<unknown> {
  for (;;) {
    try {
      return await client.workflow.getHandle(id).result();
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
      await sleep(LOOK_AGAIN_MS);
    }
  }
}

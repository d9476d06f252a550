import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  ApplicationFailure,
  WorkflowFailedError,
  type WorkflowHandle,
  type WorkflowHandleWithFirstExecutionRunId,
} from '@temporalio/client';
import { CATALOGUE } from '#errors/catalogue.ts';
import { TASK_QUEUES } from '#workflows/contract/ids.ts';
import type { World } from './world.ts';

/** Starts a workflow as production does; its result is awaited on the handle. */
export function start(
  world: World,
  type: string,
  input: unknown,
  workflowId = `${type}/${randomUUID()}`,
  client = world.client,
): Promise<WorkflowHandleWithFirstExecutionRunId> {
  return client.workflow.start(type, { taskQueue: TASK_QUEUES.lifecycle, workflowId, args: [input] });
}

export async function run<T>(world: World, type: string, input: unknown, id?: string): Promise<T> {
  return (await (await start(world, type, input, id)).result()) as T;
}

/** The innermost failure of an error that a client receives. */
export async function failureOf(
  handle: WorkflowHandle | Promise<WorkflowHandle>,
): Promise<ApplicationFailure> {
  const result: unknown = await (await handle).result().catch((error: unknown) => error);
  if (!(result instanceof WorkflowFailedError)) throw new Error(`it did not fail: ${JSON.stringify(result)}`);
  let deepest: ApplicationFailure | undefined;
  for (let cause: unknown = result; cause instanceof Error; cause = cause.cause)
    if (cause instanceof ApplicationFailure) deepest = cause;
  if (deepest === undefined) throw result;
  // Whatever reaches a client has a code, a meaning and a remedy.
  assert.ok(Object.hasOwn(CATALOGUE, deepest.type ?? ''), `${deepest.type} is in the catalogue`);
  return deepest;
}

/** Looks again and again until there is something. */
export async function until<T>(
  look: () => Promise<T | undefined | false>,
  what: string,
  patienceMs = 20_000,
): Promise<T> {
  for (const deadline = Date.now() + patienceMs; ; await sleep(50)) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`${what}: not within ${patienceMs} ms`);
  }
}

/** True once the workflow has come to a timer. */
export async function waitsOnTimer(handle: WorkflowHandle): Promise<boolean> {
  const { events } = await handle.fetchHistory();
  return events?.some(({ timerStartedEventAttributes: timer }) => timer != null) ?? false;
}

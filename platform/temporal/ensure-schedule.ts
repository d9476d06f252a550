import {
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  ServiceError,
  type Client,
  type ScheduleDescription,
  type ScheduleOptions,
  type ScheduleSpec,
  type ScheduleOptionsAction,
} from '@temporalio/client';
import type { Priority } from '@temporalio/common';
import { digestOf } from '#configs/canonical.ts';

/** A schedule that starts workflows, with everything that decides when it starts what. */
export type WantedSchedule = ScheduleOptions & {
  readonly spec: ScheduleSpec;
  /** The SDK's type of it lacks the priority, which the SDK sends. */
  readonly action: ScheduleOptionsAction & { readonly priority?: Priority };
};

export interface EnsuredSchedule {
  readonly was: 'missing' | 'right' | 'wrong';
  /** See `scheduleDigest`. */
  readonly digest: string;
}

/**
 * Creates a schedule, or puts one right that was paused, edited or killed.
 *
 * @param known digest of the schedule when it was right last; spares the update if it is still so.
 */
export async function ensureSchedule(
  client: Client,
  schedule: WantedSchedule,
  known?: string,
): Promise<EnsuredSchedule> {
  const { scheduleId } = schedule;
  if (await create(client, schedule)) return { was: 'missing', digest: await digestNow(client, scheduleId) };
  const before = await scheduleDigest(client, scheduleId);
  if (before === known && before !== undefined) return { was: 'right', digest: before };
  const handle = client.schedule.getHandle(scheduleId);
  if (before === undefined || before === DEAD) {
    await handle.delete();
    await create(client, schedule);
  } else {
    const { spec, action, policies = {} } = schedule;
    await handle.update(({ state }) => ({ spec, action, policies, state: { ...state, paused: false } }));
  }
  const digest = await digestNow(client, scheduleId);
  return { was: digest === before ? 'right' : 'wrong', digest };
}

/** Raised when schedules are written in another way: those of earlier releases then differ, and are written again. */
const EMITTER = 2;

/** The server knows the schedule and cannot describe it: its own workflow was cancelled. */
const DEAD = 'dead';

/** Digest of what decides when the schedule starts what, as the server describes it. Undefined if there is none. */
export async function scheduleDigest(client: Client, id: string): Promise<string | undefined> {
  try {
    return digestOfDescription(await client.schedule.getHandle(id).describe());
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return undefined;
    if (error instanceof ServiceError && (await answers(client))) return DEAD;
    throw error;
  }
}

async function answers(client: Client): Promise<boolean> {
  try {
    await client.workflowService.describeNamespace({ namespace: client.options.namespace });
    return true;
  } catch {
    return false;
  }
}

async function digestNow(client: Client, id: string): Promise<string> {
  return digestOfDescription(await client.schedule.getHandle(id).describe());
}

/** False if there is one already. */
async function create(client: Client, schedule: WantedSchedule): Promise<boolean> {
  try {
    await client.schedule.create(schedule);
    return true;
  } catch (error) {
    if (error instanceof ScheduleAlreadyRunning) return false;
    throw error;
  }
}

function digestOfDescription({ spec, action, policies, state }: ScheduleDescription): string {
  const { type, workflowType, workflowId, taskQueue, args, priority, typedSearchAttributes } = action;
  const started = {
    type,
    workflowType,
    workflowId,
    taskQueue,
    args,
    priority,
    labels: labelsOf(typedSearchAttributes),
  };
  const facts = { emitter: EMITTER, spec, started, policies, paused: state.paused };
  return digestOf(JSON.parse(JSON.stringify(facts)));
}

/** In an order of their own; the server keeps none. */
function labelsOf(attributes: ScheduleOptionsAction['typedSearchAttributes']): readonly string[] {
  const pairs = Array.isArray(attributes) ? attributes : (attributes?.getAll() ?? []);
  return pairs.map(({ key, value }) => `${key.name}=${String(value)}`).toSorted();
}

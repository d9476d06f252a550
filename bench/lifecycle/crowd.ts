import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Client } from '@temporalio/client';
import pLimit from 'p-limit';
import type { ModelConfig } from '#configs/model.ts';
import { statusOfProcesses } from '#local/processes.ts';
import type { TrainingKey } from '#training/key.ts';
import { workflowId } from '#workflows/contract/ids.ts';
import { median } from '../numbers.ts';
import { approve, requestFor, startLife, type LifeDeps } from './life.ts';

/** Lives after which memory is compared with the end: caches are full by then. */
const WARM = 200;
const READS_AT_ONCE = 20;
const LOOK_MS = 500;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Resident MiB by process. */
type Memory = Readonly<Record<string, number>>;

export interface Crowd {
  readonly lives: number;
  readonly p50_s: number;
  readonly p99_s: number;
  readonly per_minute: number;
  /** Events of each workflow of a life, over all lives; of the reconciler its last run. */
  readonly events: Readonly<Record<string, { readonly max: number; readonly p99: number }>>;
  /** `end` is when the last life has ended. */
  readonly memory_mib: { readonly start: Memory; readonly after_200: Memory; readonly end: Memory };
}

/**
 * Runs the lives of all models at once, and looks at what they leave in histories and in memory. The bench's process holds all
 * workers and one person who approves what is registered: a thousand who wait for it would be a load of their own.
 */
export async function crowd(deps: LifeDeps, home: string, models: readonly ModelConfig[]): Promise<Crowd> {
  const requests = await Promise.all(models.map((model) => requestFor(deps, model)));
  const start = await memory(home);
  const before = await lifecyclesEnded(deps);
  const begun = performance.now();
  await Promise.all(requests.map((request) => startLife(deps, request)));
  let after_200: Memory | undefined;
  for (let ended = 0; ended < models.length; await sleep(LOOK_MS)) {
    await approveRegistered(deps);
    ended = (await lifecyclesEnded(deps)) - before;
    if (ended >= WARM) after_200 ??= await memory(home);
  }
  const minutes = (performance.now() - begun) / 60_000;
  const end = await memory(home);
  const lived = await atOnce(requests, ({ key }) => livedOf(deps, key));
  const seconds = lived.map((one) => one.seconds);
  return {
    lives: lived.length,
    p50_s: round(median(seconds)),
    p99_s: round(quantile(seconds, 0.99)),
    per_minute: Math.round(lived.length / minutes),
    events: await events(deps.client, lived),
    memory_mib: { start, after_200: after_200 ?? end, end },
  };
}

async function approveRegistered(deps: LifeDeps): Promise<void> {
  let after: string | undefined;
  do {
    const page = await deps.registry.search(
      { stage: 'registered' },
      { limit: 100, ...(after === undefined ? {} : { after }) },
    );
    await Promise.all(page.items.map((version) => approve(deps, version)));
    after = page.next;
  } while (after !== undefined);
}

async function lifecyclesEnded({ client }: LifeDeps): Promise<number> {
  const query = "WorkflowType = 'modelLifecycle' AND ExecutionStatus = 'Completed'";
  return (await client.workflow.count(query)).count;
}

interface Lived {
  readonly key: TrainingKey;
  readonly deployment: number;
  /** From the start of the lifecycle to its end. */
  readonly seconds: number;
}

async function livedOf({ client }: LifeDeps, key: TrainingKey): Promise<Lived> {
  const handle = client.workflow.getHandle(workflowId.lifecycle(key));
  const { startTime, closeTime = startTime } = await handle.describe();
  const { deployment } = (await handle.result()) as { readonly deployment: number };
  return { key, deployment, seconds: (closeTime.getTime() - startTime.getTime()) / 1_000 };
}

async function events(client: Client, lived: readonly Lived[]): Promise<Crowd['events']> {
  const length = async (id: string) => (await client.workflow.getHandle(id).describe()).historyLength;
  const kinds: Readonly<Record<string, (one: Lived) => string>> = {
    lifecycle: ({ key }) => workflowId.lifecycle(key),
    train: ({ key }) => workflowId.train(key),
    register: ({ key }) => workflowId.register(key),
    deploy: ({ key, deployment }) => workflowId.deploy(key, deployment),
    reconcile: ({ key }) => workflowId.reconcile(key),
  };
  const found: Record<string, { readonly max: number; readonly p99: number }> = {};
  for (const [kind, idOf] of Object.entries(kinds)) {
    const lengths = await atOnce(lived, (one) => length(idOf(one)));
    found[kind] = { max: Math.max(...lengths), p99: quantile(lengths, 0.99) };
  }
  return found;
}

/** Servers, and the process of the bench itself, whose garbage is collected first. */
async function memory(home: string): Promise<Memory> {
  collectGarbage();
  const servers = await statusOfProcesses(home);
  return Object.fromEntries([
    ['workers', residentMib(process.pid)],
    ...servers.map(({ name, pid }) => [name, residentMib(pid)] as const),
  ]);
}

function atOnce<From, To>(items: readonly From[], work: (item: From) => Promise<To>): Promise<To[]> {
  const limit = pLimit(READS_AT_ONCE);
  return Promise.all(items.map((item) => limit(() => work(item))));
}

function residentMib(pid: number): number {
  const kib = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Math.round(Number(kib) / 1024);
}

function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1] ?? Number.NaN;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

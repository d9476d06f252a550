import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Client } from '@temporalio/client';
import pLimit from 'p-limit';
import { statusOfProcesses } from '#local/processes.ts';
import type { TrainingKey } from '#training/key.ts';
import { workflowId } from '#workflows/contract/ids.ts';
import { median } from '../numbers.ts';
import type { Life } from './life.ts';

/** Lives after which memory is compared with the end: caches are full by then. */
const WARM = 200;
const READS_AT_ONCE = 20;

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

/** Runs all lives at once, and looks at what they leave in histories and in memory. The bench's process holds all workers and the people. */
export async function crowd(
  client: Client,
  home: string,
  lives: readonly { readonly key: TrainingKey; readonly live: () => Promise<Life> }[],
): Promise<Crowd> {
  const start = await memory(home);
  let ended = 0;
  let after_200: Promise<Memory> | undefined;
  const begun = performance.now();
  const lived = await Promise.all(
    lives.map(async ({ key, live }) => {
      const life = await live();
      ended += 1;
      if (ended === Math.min(WARM, lives.length)) after_200 = memory(home);
      return { key, life };
    }),
  );
  const minutes = (performance.now() - begun) / 60_000;
  const end = await memory(home);
  const seconds = lived.map(({ life }) => life.ms / 1_000);
  return {
    lives: lives.length,
    p50_s: round(median(seconds)),
    p99_s: round(quantile(seconds, 0.99)),
    per_minute: Math.round(lives.length / minutes),
    events: await events(client, lived),
    memory_mib: { start, after_200: (await after_200) ?? end, end },
  };
}

async function events(
  client: Client,
  lived: readonly { readonly key: TrainingKey; readonly life: Life }[],
): Promise<Crowd['events']> {
  const limit = pLimit(READS_AT_ONCE);
  const length = (id: string) =>
    limit(async () => (await client.workflow.getHandle(id).describe()).historyLength);
  const kinds: Readonly<Record<string, (one: (typeof lived)[number]) => string>> = {
    lifecycle: ({ key }) => workflowId.lifecycle(key),
    train: ({ key }) => workflowId.train(key),
    register: ({ key }) => workflowId.register(key),
    deploy: ({ key, life }) => workflowId.deploy(key, life.deployment),
    reconcile: ({ key }) => workflowId.reconcile(key),
  };
  const found: Record<string, { readonly max: number; readonly p99: number }> = {};
  for (const [kind, idOf] of Object.entries(kinds)) {
    const lengths = await Promise.all(lived.map((one) => length(idOf(one))));
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

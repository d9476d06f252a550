import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Client } from '@temporalio/client';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { createSweepMarks } from '#registry/sweep-marks.ts';
import type { TableHandle } from '#platform/table/table.ts';
import { unserved, workerHealth } from './workers/worker-health.ts';

export interface Check {
  readonly name: 'temporal' | 'table' | 'bucket' | 'sweep' | 'workers';
  readonly ok: boolean;
  /** Response time in milliseconds. */
  readonly ms: number;
  readonly message?: string;
}

export interface Backends {
  readonly temporal: Client;
  readonly table: TableHandle;
  readonly objects: ObjectStore;
}

/** A sweep runs every minute. */
const OVERDUE_MS = 5 * 60_000;

/** For somebody to look at; they do not keep this process from serving. */
const ADVICE: ReadonlySet<Check['name']> = new Set(['sweep', 'workers']);

/** Whether this process can serve. */
export function isReady(checks: readonly Check[]): boolean {
  return checks.every(({ ok, name }) => ok || ADVICE.has(name));
}

/** Checks all in parallel with the cheapest request that proves them usable. Never throws. */
export function checkReadiness(
  { temporal, table, objects }: Backends,
  now: () => Date,
  limitMs = 2_000,
): Promise<Check[]> {
  const namespace = temporal.options.namespace;
  const nothing = { pk: 'readiness', sk: 'none' };
  return Promise.all([
    check('temporal', limitMs, () => temporal.workflowService.describeNamespace({ namespace })),
    check('table', limitMs, () => table.client.send(new GetCommand({ TableName: table.name, Key: nothing }))),
    check('bucket', limitMs, () => objects.head('readiness/none')),
    check('sweep', limitMs, () => refuseOverdue(table, now)),
    check('workers', limitMs, () => refuseUnserved(temporal, now())),
  ]);
}

async function refuseUnserved(temporal: Client, now: Date): Promise<void> {
  const waiting = unserved(await workerHealth(temporal, now));
  if (waiting.length === 0) return;
  const since = waiting.map(
    ({ queue, last_seen_at: at }) => `${queue} (${at === undefined ? 'never' : `last ${at}`})`,
  );
  throw new Error(`no worker serves ${since.join(', ')}: see millrace workers`);
}

async function refuseOverdue(table: TableHandle, now: () => Date): Promise<void> {
  const last = await createSweepMarks(table).last('reconcile');
  if (last === undefined) throw new Error('no sweep has run yet: does a worker run?');
  if (now().getTime() - Date.parse(last) > OVERDUE_MS)
    throw new Error(`no sweep has ended since ${last}: does a worker run, and Temporal?`);
}

async function check(name: Check['name'], limitMs: number, ask: () => Promise<unknown>): Promise<Check> {
  const start = performance.now();
  const elapsed = () => Math.round(performance.now() - start);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${limitMs} ms`)), limitMs);
  });
  try {
    await Promise.race([ask(), late]);
    return { name, ok: true, ms: elapsed() };
  } catch (error) {
    return {
      name,
      ok: false,
      ms: elapsed(),
      message: error instanceof Error ? error.message : String(error),
    };
  } finally {
    clearTimeout(timer);
  }
}

import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Client } from '@temporalio/client';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { createSweepMarks } from '#registry/sweep-marks.ts';
import type { TableHandle } from '#platform/table/table.ts';

export interface Check {
  readonly name: 'temporal' | 'table' | 'bucket' | 'sweep';
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

/** Whether this process can serve. An overdue sweep is for somebody to look at, but does not keep it from serving. */
export function isReady(checks: readonly Check[]): boolean {
  return checks.every(({ ok, name }) => ok || name === 'sweep');
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
  ]);
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

import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Client } from '@temporalio/client';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import type { TableHandle } from '#platform/table/table.ts';

export interface Check {
  readonly name: 'temporal' | 'table' | 'bucket';
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

/** Checks all three in parallel with the cheapest request that proves them usable. Never throws. */
export function checkReadiness({ temporal, table, objects }: Backends, limitMs = 2_000): Promise<Check[]> {
  const namespace = temporal.options.namespace;
  const nothing = { pk: 'readiness', sk: 'none' };
  return Promise.all([
    check('temporal', limitMs, () => temporal.workflowService.describeNamespace({ namespace })),
    check('table', limitMs, () => table.client.send(new GetCommand({ TableName: table.name, Key: nothing }))),
    check('bucket', limitMs, () => objects.head('readiness/none')),
  ]);
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

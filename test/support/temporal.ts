import { randomBytes } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { ensureSearchAttributes } from '#bootstrap/search-attributes.ts';
import { readEnvironment } from '#configs/environment.ts';
import { temporalAddress } from '#platform/temporal/connection.ts';

export interface FreshNamespace extends AsyncDisposable {
  readonly temporal: Client;
  readonly namespace: string;
}

const RETENTION_SECONDS = 24 * 60 * 60;

/**
 * A client of an empty namespace with the platform's search attributes: what a test starts is taken by nobody else's worker.
 * A dev server cannot delete namespaces, so it stays behind, empty of anything that runs.
 */
export async function freshNamespace(): Promise<FreshNamespace> {
  const connection = await Connection.connect(temporalAddress(readEnvironment()));
  const namespace = `test-${randomBytes(6).toString('hex')}`;
  const workflowExecutionRetentionPeriod = { seconds: RETENTION_SECONDS } as never;
  await connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod });
  const temporal = new Client({ connection, namespace });
  await untilUsable(() => ensureSearchAttributes(temporal));
  return {
    temporal,
    namespace,
    async [Symbol.asyncDispose]() {
      for await (const { workflowId } of temporal.workflow.list({ query: "ExecutionStatus = 'Running'" }))
        await temporal.workflow.getHandle(workflowId).terminate('the test is over');
      await connection.close();
    },
  };
}

/** The server's own caches learn of a new namespace within moments. */
async function untilUsable(use: () => Promise<unknown>): Promise<void> {
  for (const deadline = Date.now() + 20_000; ;) {
    try {
      await use();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { JobBackends } from '#platform/jobs/job-backends.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { settledBy, sweepStrays } from '#platform/manifests/sweep-strays.ts';
import type { SweepMarks } from '#registry/sweep-marks.ts';
import { commitFolders, SWEEP_RULES } from './commit-folders.ts';
import { withHeartbeat } from './heartbeat.ts';

export interface HousekeepingDeps {
  readonly client: Client;
  readonly jobs: JobBackends;
  readonly objects: ObjectStore;
  readonly sweeps: SweepMarks;
  /** Minimum number of keys per page; default 20,000. */
  readonly pageKeys?: number;
}

/**
 * Counts of keys checked and removed, and the start of the next page. A null cursor is the beginning, and marks the
 * end.
 */
export interface SweptStorePage {
  readonly cursor: string | null;
  readonly looked: number;
  readonly removed: number;
  /** Of the oldest folder that has to be looked at again. */
  readonly left_since: string | null;
}

const PAGE_KEYS = 20_000;

export type HousekeepingActivities = ReturnType<typeof createHousekeepingActivities>;

export function createHousekeepingActivities({
  client,
  jobs,
  objects,
  sweeps,
  pageKeys = PAGE_KEYS,
}: HousekeepingDeps) {
  const kinds = commitFolders((workflowId) => isRunning(client, workflowId));

  return {
    /** What earlier sweeps have settled; null if nothing is. */
    async settledBefore(): Promise<string | null> {
      return (await sweeps.settledBefore(SWEEP_RULES)) ?? null;
    },

    /** Remembers what a sweep has settled that came to its end. */
    async noteSettled(input: { readonly now: string; readonly left_since: string | null }): Promise<void> {
      await sweeps.noteSettled(settledBy(input.now, input.left_since), SWEEP_RULES);
    },

    /** Sweeps one page of the store in key order. Idempotent: keys that are already gone are ignored. */
    async sweepStorePage(input: {
      readonly cursor: string | null;
      readonly now: string;
      readonly settled_before: string | null;
    }): Promise<SweptStorePage> {
      const { cursor, now, settled_before } = input;
      const at = kinds.findIndex(({ prefix }) => cursor?.startsWith(prefix));
      const folders = kinds[Math.max(at, 0)];
      if (folders === undefined) return { cursor: null, looked: 0, removed: 0, left_since: null };
      return withHeartbeat(async ({ signal }) => {
        const page = await sweepStrays(objects, folders, {
          now,
          most: pageKeys,
          signal,
          // What is kept longer is not settled when the rest is.
          ...(settled_before !== null && folders.graceMs === undefined && { settledBefore: settled_before }),
          ...(cursor === null ? {} : { after: cursor }),
        });
        const next = page.next ?? kinds[kinds.indexOf(folders) + 1]?.prefix ?? null;
        return {
          cursor: next,
          looked: page.looked,
          removed: page.removed.length,
          left_since: page.leftSince ?? null,
        };
      });
    },

    /**
     * Removes the data of ended jobs from the backends that every worker reaches; returns the number of jobs. Machines
     * with jobs of their own do it themselves.
     */
    async sweepJobs({ now }: { readonly now: string }): Promise<number> {
      return withHeartbeat(async () => {
        let swept = 0;
        for (const backend of jobs.all) if (backend.host === undefined) swept += await backend.sweep(now);
        return swept;
      });
    },
  };
}

async function isRunning(client: Client, workflowId: string): Promise<boolean> {
  try {
    const { status } = await client.workflow.getHandle(workflowId).describe();
    return status.name === 'RUNNING' || status.name === 'PAUSED';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

import type { Client } from '@temporalio/client';
import { optionalTsToMs } from '@temporalio/common/lib/time.js';
import { z } from 'zod';
import { MillraceError } from '#errors/millrace-error.ts';
import { grpcCode } from '#platform/temporal/temporal-error.ts';
import { TASK_QUEUES, WORKER_DEPLOYMENT } from '#workflows/contract/ids.ts';

/** Stands for workers without versioning. No build can have this name. */
export const UNVERSIONED = 'unversioned';

export const buildSchema = z
  .object({
    build: z.string(),
    state: z
      .enum(['inactive', 'current', 'ramping', 'draining', 'drained'])
      .describe('Workers of a draining build are still needed; those of a drained one are not'),
    percent: z.number().optional().describe('Of a ramping build: its share of new runs'),
    since: z.string().optional().describe('When it became current, was ramped or began to drain'),
  })
  .meta({ id: 'WorkerBuild' });

export type Build = z.infer<typeof buildSchema>;

/** `WorkerDeploymentVersionStatus` of Temporal's API. */
const STATES: Readonly<Record<number, Build['state']>> = {
  1: 'inactive',
  2: 'current',
  3: 'ramping',
  4: 'draining',
  5: 'drained',
};
const NOT_FOUND = 5;
const FAILED_PRECONDITION = 9;

/** The builds that workers with versioning have reported, newest first; none where versioning was never on. */
export async function workerBuilds(client: Client): Promise<readonly Build[]> {
  try {
    const { workerDeploymentInfo: info } = await client.workflowService.describeWorkerDeployment({
      namespace: client.options.namespace,
      deploymentName: WORKER_DEPLOYMENT,
    });
    return (info?.versionSummaries ?? []).map(({ deploymentVersion, status, ...times }) => {
      const state = STATES[Number(status)] ?? 'inactive';
      const since = {
        current: times.currentSinceTime,
        ramping: times.rampingSinceTime,
        draining: times.lastDeactivationTime,
        drained: times.lastDeactivationTime,
        inactive: null,
      }[state];
      const ms = optionalTsToMs(since);
      return {
        build: deploymentVersion?.buildId ?? '',
        state,
        ...(state === 'ramping' ? { percent: info?.routingConfig?.rampingVersionPercentage ?? 0 } : {}),
        ...(ms ? { since: new Date(ms).toISOString() } : {}),
      };
    });
  } catch (error) {
    if (grpcCode(error) === NOT_FOUND) return [];
    throw error;
  }
}

export interface BuildToUse {
  /** A build, or `UNVERSIONED`. */
  readonly build: string;
  /** Share of new runs, 1 to 100. Below 100 the current build keeps the rest. */
  readonly percent: number;
  readonly principal: string;
}

/**
 * Makes a build current, or ramps it: new runs go to it, and those that upgrade by themselves at their next step. Idempotent.
 * Throws `WORKER_BUILD_UNKNOWN`, and `WORKER_BUILD_INCOMPLETE` if its workers do not serve every queue.
 */
export async function useBuild(client: Client, { build, percent, principal }: BuildToUse): Promise<void> {
  const buildId = build === UNVERSIONED ? '' : build;
  if (buildId !== '') await refuseIncomplete(client, buildId);
  const deployment = {
    namespace: client.options.namespace,
    deploymentName: WORKER_DEPLOYMENT,
    buildId,
    identity: principal,
    // The queues of single machines come and go; those of the platform were compared above.
    ignoreMissingTaskQueues: true,
  };
  try {
    if (percent === 100) await client.workflowService.setWorkerDeploymentCurrentVersion(deployment);
    else
      await client.workflowService.setWorkerDeploymentRampingVersion({ ...deployment, percentage: percent });
  } catch (error) {
    if (grpcCode(error) === NOT_FOUND) throw unknownBuild(build, error);
    if (grpcCode(error) === FAILED_PRECONDITION)
      throw new MillraceError(
        'WORKER_BUILD_INCOMPLETE',
        `Temporal refused build ${build}, since its workers are missing.`,
        {
          cause: error,
        },
      );
    throw error;
  }
}

async function refuseIncomplete(client: Client, buildId: string): Promise<void> {
  const described = await client.workflowService
    .describeWorkerDeploymentVersion({
      namespace: client.options.namespace,
      deploymentVersion: { deploymentName: WORKER_DEPLOYMENT, buildId },
    })
    .catch((error: unknown) => {
      if (grpcCode(error) === NOT_FOUND) throw unknownBuild(buildId, error);
      throw error;
    });
  const served = new Set(described.versionTaskQueues.map(({ name }) => name));
  const missing = Object.values(TASK_QUEUES).filter((queue) => !served.has(queue));
  if (missing.length > 0)
    throw new MillraceError(
      'WORKER_BUILD_INCOMPLETE',
      `No worker of build ${buildId} has served ${missing.join(', ')}.`,
      { details: { build: buildId, missing } },
    );
}

function unknownBuild(build: string, cause: unknown): MillraceError {
  return new MillraceError('WORKER_BUILD_UNKNOWN', `No worker of build ${build} has reported.`, {
    cause,
    details: { build },
  });
}

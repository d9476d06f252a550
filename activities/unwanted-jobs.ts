import { Context } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import type { JobBackends } from '#platform/jobs/job-backends.ts';
import { findLicence, giveBackLicence, licences, type Licence } from '#platform/jobs/job-licences.ts';
import { findJob, placeOf, recordGivenUp, type JobRecord } from '#platform/jobs/job-records.ts';
import { forgetWaiting } from '#platform/jobs/waiting-jobs.ts';
import type { TableHandle } from '#platform/table/table.ts';
import { cancelRequested } from './heartbeat.ts';
import { isChainRunning } from './workflow-chain.ts';

export interface UnwantedDeps {
  readonly jobs: JobBackends;
  readonly table: TableHandle;
  readonly client: Client;
}

/** Licences of one page of the sweep. */
const PAGE = 100;

/**
 * Whether nobody waits for the job that the current activity watches: the workflow was cancelled, or it does not know the
 * activity any more and has ended or given the job up. False if another attempt will adopt the job.
 */
export async function isUnwanted(deps: UnwantedDeps, record: JobRecord): Promise<boolean> {
  if (cancelRequested()) return true;
  if (Context.current().cancellationDetails?.notFound !== true) return false;
  return !(await isWaitedFor(deps, record));
}

async function isWaitedFor({ table, client }: UnwantedDeps, record: JobRecord): Promise<boolean> {
  if ((await findLicence(table, record.handle.key)) === undefined) return false;
  return isChainRunning(client, record);
}

/**
 * Ends a job that nobody waits for, if this process reaches it; the workers of its machine end it otherwise, since it has
 * no licence. First the mark: from then on no worker starts or adopts the job. Idempotent.
 */
export async function endJob(deps: UnwantedDeps, record: JobRecord): Promise<void> {
  try {
    await recordGivenUp(deps.table, placeOf(record));
  } finally {
    // Also while the table does not answer; the sweep does the rest later.
    await cancelIfHere(deps.jobs, record);
  }
  await giveBackLicence(deps.table, record.handle.key, record.team);
}

async function cancelIfHere(jobs: JobBackends, { handle }: JobRecord): Promise<void> {
  const backend = jobs.named(handle.backend);
  if (handle.host === undefined || handle.host === (await backend.host?.id())) await backend.cancel(handle);
}

/** Of one page of the sweep. A null cursor is the beginning, and marks the end. */
export interface SweptJobs {
  readonly cursor: string | null;
  readonly ended: number;
  /** Orphans that could not be ended; the next sweep tries again. */
  readonly failed: number;
}

/** Ends the jobs whose workflow was terminated or is gone. One that cannot be ended holds back no other. */
export async function endOrphansOfPage(deps: UnwantedDeps, cursor: string | null): Promise<SweptJobs> {
  if (cursor === null)
    await forgetWaiting(deps.table, Context.current().info.currentAttemptScheduledTimestampMs);
  const page = await licences(deps.table, { limit: PAGE, ...(cursor === null ? {} : { after: cursor }) });
  let [ended, failed] = [0, 0];
  for (const licence of page.items) {
    const outcome = await endIfOrphan(deps, licence);
    if (outcome === 'ended') ended += 1;
    if (outcome === 'failed') failed += 1;
  }
  return { cursor: page.next ?? null, ended, failed };
}

async function endIfOrphan(deps: UnwantedDeps, licence: Licence): Promise<'wanted' | 'ended' | 'failed'> {
  const { key } = licence.handle;
  try {
    if (await isChainRunning(deps.client, licence)) return 'wanted';
    // The record also has the backend's own name for the job.
    await endJob(deps, (await findJob(deps.table, placeOf(licence))) ?? licence);
    Context.current().log.info('the job of an ended workflow was ended', { job: key });
    return 'ended';
  } catch (error) {
    Context.current().log.warn('the job of an ended workflow could not be ended', { job: key, error });
    return 'failed';
  }
}

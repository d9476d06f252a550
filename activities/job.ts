import { CancelledFailure, Context } from '@temporalio/activity';
import { sha256Hex } from '#configs/canonical.ts';
import type { JobBackend, JobHandle, JobSpec, JobState } from '#platform/jobs/job-backend.ts';
import { recordJob } from '#platform/jobs/job-records.ts';
import type { TableHandle } from '#platform/table/table.ts';
import { cancelRequested, withHeartbeat } from './heartbeat.ts';
import { jobError } from './job-failure.ts';
import { runIdentity } from './run-identity.ts';

export interface JobDeps {
  readonly jobs: JobBackend;
  readonly table: TableHandle;
}

/** What names one try of a job. A reset of the workflow keeps it, a restart after a failure makes it new. */
export interface JobIdentity {
  readonly workflow_id: string;
  readonly first_run_id: string;
  readonly step: string;
  readonly attempt: number;
  readonly memory_step: number;
}

const FIRST_POLL_MS = 50;
const LONGEST_POLL_MS = 2000;

export function jobKey(identity: JobIdentity): string {
  const { workflow_id, first_run_id, step, attempt, memory_step } = identity;
  return `job-${sha256Hex([workflow_id, first_run_id, step, attempt, memory_step].join('\n')).slice(0, 40)}`;
}

/**
 * Drives one outside job to its end: start or adopt, watch, and end it when the workflow is cancelled. When only this
 * worker goes away, the job goes on and the next attempt adopts it. A failed job throws
 * what `jobError` makes of it.
 */
export async function runJob(deps: JobDeps, spec: JobSpec): Promise<JobState> {
  return withHeartbeat(async ({ tell, signal }) => {
    await recordJob(deps.table, {
      workflow_id: runIdentity().workflow_id,
      key: spec.key,
      backend: deps.jobs.name,
      title: spec.title,
      submitted_at: new Date(Context.current().info.scheduledTimestampMs).toISOString(),
    });
    const handle = await deps.jobs.submit(spec);
    tell({ handle });
    try {
      return await untilDone(deps.jobs, handle, spec, tell, signal);
    } catch (error) {
      if (error instanceof CancelledFailure && cancelRequested()) await deps.jobs.cancel(handle);
      throw error;
    }
  });
}

async function untilDone(
  jobs: JobBackend,
  handle: JobHandle,
  spec: JobSpec,
  tell: (details: unknown) => void,
  signal: AbortSignal,
): Promise<JobState> {
  for (let wait = FIRST_POLL_MS, phase = ''; ; wait = Math.min(wait * 1.5, LONGEST_POLL_MS)) {
    const state = await jobs.get(handle);
    if (state.phase === 'succeeded') return state;
    if (state.phase === 'failed' || state.phase === 'lost') throw jobError(state, spec);
    if (state.phase !== phase) tell({ handle, phase: (phase = state.phase) });
    signal.throwIfAborted();
    await Context.current().sleep(wait);
  }
}

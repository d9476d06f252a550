import { Context } from '@temporalio/activity';
import { sha256Hex } from '#configs/canonical.ts';
import type { JobBackend, JobHandle, JobState } from '#platform/jobs/job-backend.ts';
import type { JobBackends } from '#platform/jobs/job-backends.ts';
import type { JobProgram } from '#platform/jobs/job-program.ts';
import { recordHandle, recordJob } from '#platform/jobs/job-records.ts';
import { placeInput } from '#platform/jobs/place-input.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import type { TableHandle } from '#platform/table/table.ts';
import { cancelRequested, withHeartbeat } from './heartbeat.ts';
import { jobError } from './job-failure.ts';
import { runIdentity } from './run-identity.ts';

export interface JobDeps {
  readonly jobs: JobBackends;
  readonly objects: ObjectStore;
  readonly table: TableHandle;
}

/** Identifies one try of a job. It survives a reset of the workflow; a restart after a failure changes it. */
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
 * Runs one external job to completion: starts or adopts it, polls it, and cancels it when the workflow is cancelled.
 * On worker shutdown the job continues, and the next attempt adopts it on the backend named in the job's record.
 * Throws `jobError` for a failed job.
 */
export async function runJob(deps: JobDeps, program: JobProgram): Promise<JobState> {
  return withHeartbeat(async ({ tell, signal }) => {
    const { backend, handle } = await submitRecorded(deps, program);
    tell({ handle });
    try {
      return await untilDone(backend, handle, program, tell, signal);
    } catch (error) {
      // Whatever the error: a backend that fails to answer while a cancellation is pending must not leave the job running.
      if (cancelRequested()) await backend.cancel(handle);
      throw error;
    }
  });
}

async function submitRecorded(
  { jobs, objects, table }: JobDeps,
  program: JobProgram,
): Promise<{ readonly backend: JobBackend; readonly handle: JobHandle }> {
  const { info } = Context.current();
  const spec = await placeInput(objects, program);
  const record = await recordJob(table, {
    workflow_id: runIdentity().workflow_id,
    handle: { backend: jobs.preferred.name, key: spec.key },
    title: spec.title,
    submitted_at: new Date(info.scheduledTimestampMs).toISOString(),
  });
  const backend = jobs.named(record.handle.backend);
  const handle = await backend.submit(spec);
  if (handle.id !== record.handle.id) await recordHandle(table, record.workflow_id, handle);
  return { backend, handle };
}

async function untilDone(
  backend: JobBackend,
  handle: JobHandle,
  program: JobProgram,
  tell: (details: unknown) => void,
  signal: AbortSignal,
): Promise<JobState> {
  for (let wait = FIRST_POLL_MS, phase = ''; ; wait = Math.min(wait * 1.5, LONGEST_POLL_MS)) {
    const state = await backend.get(handle);
    if (state.phase === 'succeeded') return state;
    if (state.phase === 'failed' || state.phase === 'lost') throw jobError(state, program);
    if (state.phase !== phase) tell({ handle, phase: (phase = state.phase) });
    signal.throwIfAborted();
    await Context.current().sleep(wait);
  }
}

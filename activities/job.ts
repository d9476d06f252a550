import { Context } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import { sha256Hex } from '#configs/canonical.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import type { ConfigStore } from '#catalog/config-store.ts';
import type { JobBackend, JobHandle, JobState } from '#platform/jobs/job-backend.ts';
import type { JobBackends } from '#platform/jobs/job-backends.ts';
import { giveBackLicence } from '#platform/jobs/job-licences.ts';
import type { JobProgram } from '#platform/jobs/job-program.ts';
import { placeOf, recordHandle, type JobRecord } from '#platform/jobs/job-records.ts';
import { placeInput } from '#platform/jobs/place-input.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import type { TableHandle } from '#platform/table/table.ts';
import type { OtherHost } from '#workflows/on-its-host.ts';
import { withHeartbeat } from './heartbeat.ts';
import { admittedRecord, type JobOwner } from './job-admission.ts';
import { jobError } from './job-failure.ts';
import { endJob, isUnwanted } from './unwanted-jobs.ts';

export interface JobDeps {
  readonly jobs: JobBackends;
  readonly objects: ObjectStore;
  readonly table: TableHandle;
  readonly client: Client;
  readonly configs: Pick<ConfigStore, 'current'>;
  /** How long a job waits for its machine to come back. */
  readonly hostPatienceMs: number;
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
 * Runs one external job to completion: starts it once it is admitted, or adopts it, polls it, and cancels it when the
 * workflow is cancelled or gone. On worker shutdown the job continues, and the next attempt adopts it on the backend and
 * the machine named in the job's record. Throws `JOB_NOT_ADMITTED` until there is room, `JOB_ON_OTHER_HOST`, `JOB_LOST`
 * for a job that was given up, and `jobError` for a failed one.
 */
export async function runJob(deps: JobDeps, program: JobProgram, owner: JobOwner): Promise<JobState> {
  return withHeartbeat(async ({ tell, signal }) => {
    const record = await admittedRecord(deps, program, owner);
    const { backend, handle } = await submitRecorded(deps, program, record);
    tell({ handle });
    try {
      const state = await untilEnded(backend, handle, tell, signal);
      await giveBackLicence(deps.table, handle.key, record.team);
      if (state.phase === 'succeeded') return state;
      throw jobError(state, program);
    } catch (error) {
      // Whatever the error: a backend that fails to answer while a cancellation is pending must not leave the job running.
      if (await isUnwanted(deps, record)) await endJob(deps, { ...record, handle });
      throw error;
    }
  });
}

/** Throws `JOB_ON_OTHER_HOST` if the record names another machine: here, the job would be started once more. */
async function submitRecorded(
  { jobs, objects, table, hostPatienceMs }: JobDeps,
  program: JobProgram,
  record: JobRecord,
): Promise<{ readonly backend: JobBackend; readonly handle: JobHandle }> {
  const { host } = record.handle;
  const backend = jobs.named(record.handle.backend);
  if (host !== undefined && host !== (await backend.host?.id()))
    throw onOtherHost(program, host, hostPatienceMs);
  const { id } = await backend.submit(await placeInput(objects, program));
  const handle = { ...record.handle, ...(id === undefined ? {} : { id }) };
  if (id !== record.handle.id) await recordHandle(table, placeOf(record).workflow_id, handle);
  return { backend, handle };
}

function onOtherHost({ key, title }: JobProgram, host: string, patience_ms: number): MillraceError {
  const details: OtherHost = { job: key, host, patience_ms };
  return new MillraceError('JOB_ON_OTHER_HOST', `${title}: the job is on machine ${host}.`, {
    where: `job ${key}`,
    details: { ...details },
  });
}

async function untilEnded(
  backend: JobBackend,
  handle: JobHandle,
  tell: (details: unknown) => void,
  signal: AbortSignal,
): Promise<JobState> {
  for (let wait = FIRST_POLL_MS, phase = ''; ; wait = Math.min(wait * 1.5, LONGEST_POLL_MS)) {
    const state = await backend.get(handle);
    if (state.phase !== 'pending' && state.phase !== 'running') return state;
    if (state.phase !== phase) tell({ handle, phase: (phase = state.phase) });
    signal.throwIfAborted();
    await Context.current().sleep(wait);
  }
}

import { Context } from '@temporalio/activity';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import type { PlatformConfig } from '#configs/platform.ts';
import type { ErrorCode } from '#errors/catalogue.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import type { ConfigStore } from '#catalog/config-store.ts';
import type { JobBackends } from '#platform/jobs/job-backends.ts';
import type { JobLimits } from '#platform/jobs/admission-order.ts';
import { admitJob, type Admission } from '#platform/jobs/job-licences.ts';
import type { JobProgram } from '#platform/jobs/job-program.ts';
import type { JobRecord } from '#platform/jobs/job-records.ts';
import type { TableHandle } from '#platform/table/table.ts';
import { PRIORITIES } from '#workflows/contract/priorities.ts';
import { runIdentity } from './run-identity.ts';

export interface AdmissionDeps {
  readonly jobs: JobBackends;
  readonly table: TableHandle;
  readonly configs: Pick<ConfigStore, 'current'>;
}

/** For whom a job runs. */
export interface JobOwner {
  readonly team: string;
  readonly first_run_id: string;
}

/** Until the next job in the order asks again. */
const SHORTEST_WAIT_MS = 2_000;
/** For each job ahead. */
const WAIT_BEHIND_MS = 250;
const LONGEST_WAIT_MS = 30_000;

/**
 * The record of a job that may exist: the one that it has, or a new one within the limits of now. A job that has to wait
 * leaves its slot: `JOB_NOT_ADMITTED` sets the time of the next try. Throws `JOB_LOST` for a job that was given up.
 */
export async function admittedRecord(
  deps: AdmissionDeps,
  program: JobProgram,
  { team, first_run_id }: JobOwner,
): Promise<JobRecord> {
  const { name, host } = deps.jobs.preferred;
  const { info } = Context.current();
  const record = {
    workflow_id: runIdentity().workflow_id,
    first_run_id,
    team,
    handle: { backend: name, key: program.key, ...(host === undefined ? {} : { host: await host.id() }) },
    title: program.title,
    submitted_at: new Date(info.scheduledTimestampMs).toISOString(),
  };
  const admission = await admitJob(deps.table, record, {
    // 0 stands for a key that was not set.
    priority: info.priority?.priorityKey || PRIORITIES.training,
    since: info.scheduledTimestampMs,
    now: info.currentAttemptScheduledTimestampMs,
    waitMs,
    limits: async () => jobLimits((await deps.configs.current()).configs.platform),
    isMachineFull: async () => host !== undefined && (await host.unfinished()).length >= host.atOnce,
  });
  if ('record' in admission) return wanted(admission.record, program);
  throw notAdmitted(program, reason(admission, team), admission.waitMs);
}

function jobLimits({ jobs }: PlatformConfig): JobLimits {
  return { in_all: jobs.at_once, of_team: (team) => jobs.teams[team] ?? jobs.per_team };
}

function reason({ full, ahead, limits }: Exclude<Admission, { record: JobRecord }>, team: string): string {
  const behind = `${ahead} waiting ${ahead === 1 ? 'job comes' : 'jobs come'} first`;
  if (full === 'places_for_others') return behind;
  const exist = {
    machine: 'its machine runs as many jobs as it may',
    of_team: `${limits.of_team(team)} jobs of team ${team} exist already`,
    in_all: `${limits.in_all} jobs of all teams exist already`,
  }[full];
  return ahead === 0 ? exist : `${exist}, and ${behind}`;
}

function wanted(record: JobRecord, { key, title }: JobProgram): JobRecord {
  if (record.given_up_at === undefined) return record;
  throw new MillraceError('JOB_LOST', `${title}: the job was given up at ${record.given_up_at}.`, {
    where: `job ${key}`,
  });
}

/** Jobs that wait together ask at different times, and those whose turn is near ask often. */
function waitMs(ahead: number): number {
  const longest = Math.min(LONGEST_WAIT_MS, SHORTEST_WAIT_MS + WAIT_BEHIND_MS * ahead);
  return Math.round(longest * (0.5 + Math.random() / 2));
}

/** Not an error to be alerted about. */
function notAdmitted({ title }: JobProgram, why: string, nextRetryDelay: number): ApplicationFailure {
  return ApplicationFailure.create({
    type: 'JOB_NOT_ADMITTED' satisfies ErrorCode,
    message: `${title} waits: ${why}.`,
    nextRetryDelay,
    category: ApplicationFailureCategory.BENIGN,
  });
}

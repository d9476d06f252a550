import { Context } from '@temporalio/activity';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import type { PlatformConfig } from '#configs/platform.ts';
import type { ErrorCode } from '#errors/catalogue.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import type { ConfigStore } from '#catalog/config-store.ts';
import type { JobBackends } from '#platform/jobs/job-backends.ts';
import { admitJob, type JobLimits } from '#platform/jobs/job-licences.ts';
import type { JobProgram } from '#platform/jobs/job-program.ts';
import type { JobRecord } from '#platform/jobs/job-records.ts';
import type { TableHandle } from '#platform/table/table.ts';
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

const FIRST_WAIT_MS = 2_000;
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
  const admission = await admitJob(
    deps.table,
    {
      workflow_id: runIdentity().workflow_id,
      first_run_id,
      team,
      handle: { backend: name, key: program.key, ...(host === undefined ? {} : { host: await host.id() }) },
      title: program.title,
      submitted_at: new Date(Context.current().info.scheduledTimestampMs).toISOString(),
    },
    async () => {
      if (host !== undefined && (await host.unfinished()).length >= host.atOnce)
        throw notAdmitted(program, `its machine already runs ${host.atOnce} jobs`);
      return jobLimits((await deps.configs.current()).configs.platform, team);
    },
  );
  if ('record' in admission) return wanted(admission.record, program);
  const whose = admission.full === 'of_team' ? `of team ${team}` : 'of all teams';
  throw notAdmitted(program, `${admission.most[admission.full]} jobs ${whose} exist already`);
}

function jobLimits({ jobs }: PlatformConfig, team: string): JobLimits {
  return { in_all: jobs.at_once, of_team: jobs.teams[team] ?? jobs.per_team };
}

function wanted(record: JobRecord, { key, title }: JobProgram): JobRecord {
  if (record.given_up_at === undefined) return record;
  throw new MillraceError('JOB_LOST', `${title}: the job was given up at ${record.given_up_at}.`, {
    where: `job ${key}`,
  });
}

/** Not an error to be alerted about. Jobs that wait together ask at different times. */
function notAdmitted({ title }: JobProgram, why: string): ApplicationFailure {
  const { attempt } = Context.current().info;
  const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 1.5 ** (attempt - 1));
  return ApplicationFailure.create({
    type: 'JOB_NOT_ADMITTED' satisfies ErrorCode,
    message: `${title} waits: ${why}.`,
    nextRetryDelay: Math.round(longest * (0.5 + Math.random() / 2)),
    category: ApplicationFailureCategory.BENIGN,
  });
}

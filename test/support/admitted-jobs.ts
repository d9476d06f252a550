import { admitJob } from '#platform/jobs/job-licences.ts';
import type { JobRecord } from '#platform/jobs/job-records.ts';
import type { TableHandle } from '#platform/table/table.ts';

const NO_LIMITS = { in_all: 10_000, of_team: 10_000 };

/** Records a job with its licence, as a worker does before it submits it. */
export async function admitted(
  table: TableHandle,
  {
    first_run_id = 'first',
    team = 'risk',
    ...record
  }: Omit<JobRecord, 'first_run_id' | 'team'> & Partial<JobRecord>,
): Promise<JobRecord> {
  const admission = await admitJob(table, { first_run_id, team, ...record }, () =>
    Promise.resolve(NO_LIMITS),
  );
  if ('full' in admission) throw new Error(`The limit ${admission.full} is reached.`);
  return admission.record;
}

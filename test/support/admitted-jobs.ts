import { admitJob } from '#platform/jobs/job-licences.ts';
import type { JobRecord } from '#platform/jobs/job-records.ts';
import type { TableHandle } from '#platform/table/table.ts';

const NO_LIMITS = { in_all: 10_000, of_team: () => 10_000 };
const NOW = Date.UTC(2026, 0, 1);

/** Records a job with its licence, as a worker does before it submits it. */
export async function admitted(
  table: TableHandle,
  {
    first_run_id = 'first',
    team = 'risk',
    ...record
  }: Omit<JobRecord, 'first_run_id' | 'team'> & Partial<JobRecord>,
): Promise<JobRecord> {
  const admission = await admitJob(
    table,
    { first_run_id, team, ...record },
    {
      priority: 3,
      since: NOW,
      now: NOW,
      limits: () => Promise.resolve(NO_LIMITS),
      isMachineFull: () => Promise.resolve(false),
      waitMs: () => 1_000,
    },
  );
  if ('full' in admission) throw new Error(`The limit ${admission.full} is reached.`);
  return admission.record;
}

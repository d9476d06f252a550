import { giveBackLicence } from '#platform/jobs/job-licences.ts';
import { recordGivenUp } from '#platform/jobs/job-records.ts';
import { withHeartbeat } from './heartbeat.ts';
import { runIdentity } from './run-identity.ts';
import { endOrphansOfPage, type SweptJobs, type UnwantedDeps } from './unwanted-jobs.ts';

export type JobActivities = ReturnType<typeof createJobActivities>;

/** What workflows do about jobs besides running them. */
export function createJobActivities(deps: UnwantedDeps) {
  return {
    /** The machine of the workflow's job is lost. Its workers end the job if it still runs when they come back. */
    async giveUpJob({ job: key }: { readonly job: string }): Promise<void> {
      await recordGivenUp(deps.table, { workflow_id: runIdentity().workflow_id, key });
      await giveBackLicence(deps.table, key);
    },

    async endOrphans({ cursor }: { readonly cursor: string | null }): Promise<SweptJobs> {
      return withHeartbeat(() => endOrphansOfPage(deps, cursor));
    },
  };
}

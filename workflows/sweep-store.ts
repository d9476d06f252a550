import { continueAsNew, proxyActivities, setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import type { HousekeepingActivities } from '#activities/housekeeping.ts';
import { SWEEP_OPTIONS, WATCH_OPTIONS } from './options.ts';

/** Progress of a sweep. `now` stays the same for the whole sweep. */
export interface SweepProgress {
  readonly now: string;
  readonly cursor: string | null;
  readonly looked: number;
  readonly removed: number;
  /** Ended jobs whose data was removed. */
  readonly jobs: number;
}

export type SweptStore = Pick<SweepProgress, 'looked' | 'removed' | 'jobs'>;

const housekeeping = proxyActivities<HousekeepingActivities>(SWEEP_OPTIONS);
const jobBackends = proxyActivities<HousekeepingActivities>(WATCH_OPTIONS);

/**
 * Daily: removes objects that no manifest references after their grace period, and the remains of jobs that ended
 * long ago.
 */
export async function sweepStore(progress: SweepProgress | null = null): Promise<SweptStore> {
  let { now, cursor, looked, removed, jobs } = progress ?? (await begin());
  do {
    const page = await housekeeping.sweepStorePage.executeWithOptions(
      { summary: `Sweep from ${cursor ?? 'the beginning'}` },
      [{ cursor, now }],
    );
    looked += page.looked;
    removed += page.removed;
    cursor = page.cursor;
    setCurrentDetails(`${removed} of ${looked} keys removed; ${jobs} ended jobs dropped`);
    if (cursor !== null && workflowInfo().continueAsNewSuggested)
      return continueAsNew<typeof sweepStore>({ now, cursor, looked, removed, jobs });
  } while (cursor !== null);
  return { looked, removed, jobs };
}

async function begin(): Promise<SweepProgress> {
  const now = new Date().toISOString();
  const summary = 'Drop what ended jobs left behind';
  const jobs = await jobBackends.sweepJobs.executeWithOptions({ summary }, [{ now }]);
  return { now, cursor: null, looked: 0, removed: 0, jobs };
}

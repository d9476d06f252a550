import { continueAsNew, proxyActivities, setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import type { HousekeepingActivities } from '#activities/housekeeping.ts';
import { SWEEP_OPTIONS, WATCH_OPTIONS } from './options.ts';

/** Progress of a sweep. `now` and `settled_before` stay the same for the whole sweep. */
export interface SweepProgress {
  readonly now: string;
  /** Folders without a newer object were settled by an earlier sweep; null if none has ended. */
  readonly settled_before: string | null;
  readonly cursor: string | null;
  readonly looked: number;
  readonly removed: number;
  /** Of the oldest folder that has to be looked at again. */
  readonly left_since: string | null;
  /** Ended jobs whose data was removed. */
  readonly jobs: number;
}

export type SweptStore = Pick<SweepProgress, 'looked' | 'removed' | 'jobs'>;

const housekeeping = proxyActivities<HousekeepingActivities>(SWEEP_OPTIONS);
const jobBackends = proxyActivities<HousekeepingActivities>(WATCH_OPTIONS);

/**
 * Daily: removes objects that no manifest references after their grace period, and the remains of jobs that ended
 * long ago. What it has settled is remembered only once it has come to its end.
 */
export async function sweepStore(begun: SweepProgress | null = null): Promise<SweptStore> {
  let progress = begun ?? (await begin());
  do {
    const { now, settled_before, cursor } = progress;
    const page = await housekeeping.sweepStorePage.executeWithOptions(
      { summary: `Sweep from ${cursor ?? 'the beginning'}` },
      [{ cursor, now, settled_before }],
    );
    progress = {
      ...progress,
      cursor: page.cursor,
      looked: progress.looked + page.looked,
      removed: progress.removed + page.removed,
      left_since: earlier(progress.left_since, page.left_since),
    };
    const { looked, removed, jobs } = progress;
    setCurrentDetails(`${removed} of ${looked} keys removed; ${jobs} ended jobs dropped`);
    if (progress.cursor !== null && workflowInfo().continueAsNewSuggested)
      return continueAsNew<typeof sweepStore>(progress);
  } while (progress.cursor !== null);
  const { now, left_since, looked, removed, jobs } = progress;
  await housekeeping.noteSettled.executeWithOptions({ summary: 'Remember what is settled' }, [
    { now, left_since },
  ]);
  return { looked, removed, jobs };
}

async function begin(): Promise<SweepProgress> {
  const now = new Date().toISOString();
  const settled_before = await housekeeping.settledBefore.executeWithOptions(
    { summary: 'Read what is settled' },
    [],
  );
  const summary = 'Drop what ended jobs left behind';
  const jobs = await jobBackends.sweepJobs.executeWithOptions({ summary }, [{ now }]);
  return { now, settled_before, cursor: null, looked: 0, removed: 0, left_since: null, jobs };
}

function earlier(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return a < b ? a : b;
}

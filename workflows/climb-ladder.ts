import { sleep } from '@temporalio/workflow';
import { findCause } from '#errors/cause.ts';
import { FIRST_RUNG, nextRung, type Rung } from './job-ladder.ts';

/** Runs a job until it succeeds, or fails for good. `memorySteps`: how often its memory may be doubled. */
export async function climbLadder<T>(memorySteps: number, job: (rung: Rung) => Promise<T>): Promise<T> {
  for (let rung: Rung = FIRST_RUNG; ;) {
    try {
      return await job(rung);
    } catch (error) {
      const next = nextRung(findCause(error)?.code, rung, memorySteps);
      if (next === undefined) throw error;
      await sleep(`${next.attempt} seconds`, { summary: 'Pause before the next attempt' });
      rung = next;
    }
  }
}

import type { JobState } from '../job-backend.ts';
import { phaseTable } from '../phase-table.ts';
import type { StartedJob } from './job-folder.ts';

/** What the job's folder and this machine's processes show about the job. */
export interface LocalFacts {
  readonly submitted: boolean;
  readonly cancelled: boolean;
  /** Of the supervisor that claimed the job. */
  readonly supervisor: 'none' | 'running' | 'gone';
  readonly job?: StartedJob | undefined;
  readonly outcome?: JobState | undefined;
}

const PHASES = {
  /** The job was never submitted on this machine. */
  absent: 'lost',
  /** Cancelled before a supervisor claimed it. */
  withdrawn: 'failed',
  submitted: 'pending',
  claimed: 'pending',
  started: 'running',
  /** Its supervisor died without an outcome. The job may still run, so it counts as running until it has been ended. */
  abandoned: 'running',
  // The outcomes that a supervisor writes.
  succeeded: 'succeeded',
  failed: 'failed',
  lost: 'lost',
} as const;

type LocalState = keyof typeof PHASES;

/** Throws `JOB_STATE_UNKNOWN` for an outcome written by another version. */
export const localPhase = phaseTable<LocalState>('process', PHASES);

/** State of a local job. Once an outcome is written, it decides. */
export function localState(facts: LocalFacts): string {
  if (facts.outcome !== undefined) return facts.outcome.phase;
  if (facts.supervisor === 'gone') return 'abandoned';
  if (facts.supervisor === 'running') return facts.job === undefined ? 'claimed' : 'started';
  if (facts.cancelled) return 'withdrawn';
  return facts.submitted ? 'submitted' : 'absent';
}

/** The facts as a backend reports them. */
export function localJobState(facts: LocalFacts): JobState {
  const state = localState(facts);
  const phase = localPhase(state);
  if (facts.outcome !== undefined) return { ...facts.outcome, phase };
  if (state === 'absent') return { phase, message: 'The backend has no job with this key.' };
  if (state === 'withdrawn')
    return { phase, failure: 'cancelled', message: 'The job was cancelled before it started.' };
  return facts.job === undefined ? { phase } : { phase, startedAt: facts.job.startedAt };
}

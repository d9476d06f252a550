import type { JobState } from '../job-backend.ts';
import { phaseTable } from '../phase-table.ts';
import type { StartedJob } from './job-folder.ts';

/** What the folder of a job and the processes of this machine say about it. */
export interface LocalFacts {
  readonly submitted: boolean;
  readonly cancelled: boolean;
  /** Of the supervisor that claimed the job. */
  readonly supervisor: 'none' | 'running' | 'gone';
  readonly job?: StartedJob | undefined;
  readonly outcome?: JobState | undefined;
}

const PHASES = {
  /** Nobody ever submitted it here. */
  absent: 'lost',
  /** Cancelled before any supervisor had it. */
  withdrawn: 'failed',
  submitted: 'pending',
  claimed: 'pending',
  started: 'running',
  /** Its supervisor died without a word: the job may still run, and counts as running until it was ended. */
  abandoned: 'running',
  // The outcomes that a supervisor writes.
  succeeded: 'succeeded',
  failed: 'failed',
  lost: 'lost',
} as const;

type LocalState = keyof typeof PHASES;

/** Throws `JOB_STATE_UNKNOWN` for an outcome that another version wrote. */
export const localPhase = phaseTable<LocalState>('process', PHASES);

/** State of a local job. An outcome, once written, decides it. */
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
  if (state === 'absent') return { phase, message: 'this backend has no job of this key' };
  if (state === 'withdrawn') return { phase, failure: 'cancelled', message: 'cancelled before its start' };
  return facts.job === undefined ? { phase } : { phase, startedAt: facts.job.startedAt };
}

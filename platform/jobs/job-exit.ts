import { EXIT, type JobFailure, type JobState } from './job-backend.ts';

type ExitName = keyof typeof EXIT;

const FAILURE_OF: Record<Exclude<ExitName, 'ok'>, JobFailure> = {
  user: 'user',
  input: 'input',
  transient: 'transient',
  preempted: 'preempted',
  outOfMemory: 'out_of_memory',
};

const NAME_OF = new Map<number, ExitName>(
  Object.entries(EXIT).map(([name, code]) => [code, name as ExitName]),
);

/** How a job ended, by its exit code. A code outside the contract counts as a crash. */
export function outcomeOfExit(exitCode: number): Pick<JobState, 'phase' | 'failure' | 'exitCode'> {
  const name = NAME_OF.get(exitCode);
  if (name === 'ok') return { phase: 'succeeded', exitCode };
  return { phase: 'failed', failure: name === undefined ? 'crash' : FAILURE_OF[name], exitCode };
}

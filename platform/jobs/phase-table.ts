import { MillraceError } from '#errors/millrace-error.ts';
import type { JobPhase } from './job-backend.ts';

/**
 * Maps a backend's own states to our phases by one table. A state that is not in the table throws `JOB_STATE_UNKNOWN`:
 * a guess would lose a running job, or wait for one that has ended.
 */
export function phaseTable<State extends string>(
  backend: string,
  phases: Readonly<Record<State, JobPhase>>,
): (state: string) => JobPhase {
  const table = new Map<string, JobPhase>(Object.entries(phases) as [State, JobPhase][]);
  return (state) => {
    const phase = table.get(state);
    if (phase !== undefined) return phase;
    throw new MillraceError(
      'JOB_STATE_UNKNOWN',
      `The job backend "${backend}" reports the state "${state}", which this version does not know.`,
      { details: { backend, state, known: [...table.keys()] } },
    );
  };
}

import { MillraceError } from '#errors/millrace-error.ts';
import { receivedError } from '#platform/child-service/sent-error.ts';
import type { PartitionCheck } from '../partitions/check-partition.ts';
import { createRowsChild, lakeEnvironment, type RowsDeps } from './rows-child-process.ts';
import type { CheckWork } from './rows-work.ts';

/** Less than the API gives a request. */
const SECONDS = 50;
/** One child per process and kind of work, so that a long check does not delay others. */
const child = createRowsChild({ seconds: SECONDS, processMiB: 4_096 });

/**
 * `checkPartition` in a child process, which `signal` ends. Throws its errors, `REQUEST_TIMED_OUT`, `ENGINE_OUT_OF_MEMORY`
 * and `ENGINE_FAILED`.
 */
export async function checkRows(
  deps: RowsDeps,
  { set, partition }: Pick<CheckWork, 'set' | 'partition'>,
  signal: AbortSignal,
): Promise<readonly PartitionCheck[]> {
  if (set.checks.length === 0) return [];
  const outcome = await child(
    await lakeEnvironment(deps),
    (place) => ({ kind: 'check', place, set, partition }),
    signal,
  );
  if ('exhausted' in outcome) throw tooMuch(outcome.exhausted);
  const { answer } = outcome;
  if (answer.kind === 'error') throw receivedError(answer.error);
  if (answer.kind !== 'check') throw new TypeError('The answer is to other work.');
  return answer.checks;
}

function tooMuch(exhausted: 'time' | 'memory'): MillraceError {
  return exhausted === 'time'
    ? new MillraceError('REQUEST_TIMED_OUT', `The checks take more than ${SECONDS} seconds.`)
    : new MillraceError('ENGINE_OUT_OF_MEMORY', 'The checks take more memory than their process may have.');
}

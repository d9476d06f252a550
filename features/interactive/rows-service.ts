import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '#configs/environment.ts';
import { MillraceError } from '#errors/millrace-error.ts';
import {
  createChildService,
  type ChildService,
  type Outcome,
} from '#platform/child-service/child-service.ts';
import { receivedError } from '#platform/child-service/sent-error.ts';
import { sweepScratch, withScratchFolder } from '#platform/local-files.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { withPresentCredentials } from '#platform/objects/s3-object-store.ts';
import type { PartitionCheck } from '../partitions/check-partition.ts';
import type { RowsAnswer, RowsPlace, RowsWork } from './rows-work.ts';

export interface RowsDeps {
  readonly environment: Environment;
  readonly objects: Pick<ObjectStore, 'bucket'>;
}

const ENTRY = new URL('./rows-child.ts', import.meta.url);
const FOLDER = join(tmpdir(), 'millrace-rows');
/** Longer than any work here takes. */
const LEFT_BEHIND_MS = 3_600_000;
/** Less than the API gives a request. */
const CHECK_SECONDS = 50;

/** One child per process and kind of work, so that a long check does not delay others. */
const checking = createChildService<null, RowsWork, RowsAnswer>(ENTRY, {
  seconds: CHECK_SECONDS,
  heapMiB: 512,
  wasmMiB: 64,
  processMiB: 4_096,
  idleSeconds: 60,
});

/**
 * `checkPartition` in a child process, which `signal` ends. Throws its errors, `REQUEST_TIMED_OUT`, `ENGINE_OUT_OF_MEMORY`
 * and `ENGINE_FAILED`.
 */
export async function checkRows(
  deps: RowsDeps,
  { set, partition }: Pick<RowsWork, 'set' | 'partition'>,
  signal: AbortSignal,
): Promise<readonly PartitionCheck[]> {
  if (set.checks.length === 0) return [];
  const outcome = await inChild(
    checking,
    deps,
    (place) => ({ kind: 'check', place, set, partition }),
    signal,
  );
  if ('exhausted' in outcome) throw checksTooMuch(outcome.exhausted);
  const { answer } = outcome;
  if (answer.kind === 'error') throw receivedError(answer.error);
  return answer.checks;
}

function checksTooMuch(exhausted: 'time' | 'memory'): MillraceError {
  return exhausted === 'time'
    ? new MillraceError('REQUEST_TIMED_OUT', `The checks take more than ${CHECK_SECONDS} seconds.`)
    : new MillraceError('ENGINE_OUT_OF_MEMORY', 'The checks take more memory than their process may have.');
}

/** The parent makes and removes the folder, because a child that is over a limit cannot. */
async function inChild(
  service: ChildService<null, RowsWork, RowsAnswer>,
  { environment, objects }: RowsDeps,
  work: (place: RowsPlace) => RowsWork,
  signal: AbortSignal,
): Promise<Outcome<RowsAnswer>> {
  await sweepScratch(FOLDER, LEFT_BEHIND_MS);
  const env = { ...(await withPresentCredentials(environment)), MILLRACE_BUCKET: objects.bucket };
  return await withScratchFolder(FOLDER, async (folder) => {
    const [outcome] = await service.ask(null, [work({ env, folder })], signal);
    if (outcome === undefined) throw new TypeError('One item has one answer.');
    return outcome;
  });
}

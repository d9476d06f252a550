import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '#configs/environment.ts';
import { createChildService, type Outcome } from '#platform/child-service/child-service.ts';
import { sweepScratch, withScratchFolder } from '#platform/local-files.ts';
import type { ObjectStore } from '#platform/objects/object-store.ts';
import { withPresentCredentials } from '#platform/objects/s3-object-store.ts';
import type { RowsAnswer, RowsPlace, RowsWork } from './rows-work.ts';

export interface RowsDeps {
  readonly environment: Environment;
  readonly objects: Pick<ObjectStore, 'bucket'>;
}

/** The environment of work on the lake: with its bucket, and with credentials of now. */
export async function lakeEnvironment({ environment, objects }: RowsDeps): Promise<Environment> {
  return { ...(await withPresentCredentials(environment)), MILLRACE_BUCKET: objects.bucket };
}

export interface RowsLimits {
  readonly seconds: number;
  /** MiB of the whole process. */
  readonly processMiB: number;
}

/** Answers one piece of work after the other, in a child process that `signal` ends. */
export type RowsChild = (
  env: Environment,
  work: (place: RowsPlace) => RowsWork,
  signal?: AbortSignal,
) => Promise<Outcome<RowsAnswer>>;

const ENTRY = new URL('./rows-child.ts', import.meta.url);
const FOLDER = join(tmpdir(), 'millrace-rows');
/** Longer than any work here takes. */
const LEFT_BEHIND_MS = 3_600_000;

export function createRowsChild({ seconds, processMiB }: RowsLimits): RowsChild {
  const limits = { seconds, processMiB, heapMiB: 512, wasmMiB: 64, idleSeconds: 60 };
  const service = createChildService<null, RowsWork, RowsAnswer>(ENTRY, limits);
  return async (env, work, signal) => {
    await sweepScratch(FOLDER, LEFT_BEHIND_MS);
    // The parent makes and removes the folder, because a child that is over a limit cannot.
    return await withScratchFolder(FOLDER, async (folder) => {
      const [outcome] = await service.ask(null, [work({ env, folder })], signal);
      if (outcome === undefined) throw new TypeError('One item has one answer.');
      return outcome;
    });
  };
}

import { MillraceError } from '#errors/millrace-error.ts';
import { sentError } from '#platform/child-service/sent-error.ts';
import { serveParent } from '#platform/child-service/serve-parent.ts';
import { createS3ObjectStore } from '#platform/objects/s3-object-store.ts';
import { checkPartition } from '../partitions/check-partition.ts';
import type { RowsAnswer, RowsWork } from './rows-work.ts';

/** The program of the child processes that work on rows while a request waits. */
serveParent<null, RowsWork, RowsAnswer>(async (_shared, work) => {
  try {
    return await answer(work);
  } catch (error) {
    if (!(error instanceof MillraceError)) throw error;
    return { kind: 'error', error: sentError(error) };
  }
});

async function answer({ place: { env, folder }, set, partition }: RowsWork): Promise<RowsAnswer> {
  await using objects = createS3ObjectStore(env);
  return { kind: 'check', checks: await checkPartition({ env, objects, folder }, set, partition) };
}

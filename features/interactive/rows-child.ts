import { MillraceError } from '#errors/millrace-error.ts';
import { sentError } from '#platform/child-service/sent-error.ts';
import { serveParent } from '#platform/child-service/serve-parent.ts';
import { createS3ObjectStore } from '#platform/objects/s3-object-store.ts';
import { checkPartition } from '../partitions/check-partition.ts';
import { previewSteps } from './preview.ts';
import { testedRows } from './tested-rows.ts';
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

async function answer(work: RowsWork): Promise<RowsAnswer> {
  if (work.kind === 'test') return { kind: 'test', rows: await testedRows(work.place, work.steps) };
  await using objects = createS3ObjectStore(work.place.env);
  const place = { ...work.place, objects };
  return work.kind === 'check'
    ? { kind: 'check', checks: await checkPartition(place, work.set, work.partition) }
    : { kind: 'preview', preview: await previewSteps(place, work.steps, work.limit) };
}

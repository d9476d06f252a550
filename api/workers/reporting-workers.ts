import type { Client } from '@temporalio/client';
import { optionalTsToMs } from '@temporalio/common/lib/time.js';
import { z } from 'zod';
import { grpcCode } from '#platform/temporal/temporal-error.ts';

const slotsSchema = z.object({ used: z.number().int(), free: z.number().int() });

export const workerSchema = z
  .object({
    worker: z.string().describe('Process and machine'),
    queue: z.string(),
    build: z.string().optional().describe('Of a worker with versioning'),
    state: z.enum(['running', 'stopping', 'stopped']),
    started_at: z.string(),
    last_report_at: z.string(),
    workflow_slots: slotsSchema.optional(),
    activity_slots: slotsSchema.optional(),
  })
  .meta({ id: 'Worker' });

export type ReportingWorker = z.infer<typeof workerSchema>;

const PAGE = 200;
const MOST_PAGES = 10;
/** `WorkerStatus` of Temporal's API. */
const STATES: Readonly<Record<number, ReportingWorker['state']>> = {
  1: 'running',
  2: 'stopping',
  3: 'stopped',
};
const UNIMPLEMENTED = 12;

/** The workers that have reported to Temporal lately; none on a server that takes no reports. At most 2,000. */
export async function reportingWorkers(client: Client): Promise<readonly ReportingWorker[]> {
  const { namespace } = client.options;
  const found: ReportingWorker[] = [];
  let nextPageToken: Uint8Array = new Uint8Array();
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const page = await client.workflowService
      .listWorkers({ namespace, pageSize: PAGE, nextPageToken })
      .catch(noneIfUnimplemented);
    for (const { workerHeartbeat } of page.workersInfo)
      if (workerHeartbeat != null) found.push(workerOf(workerHeartbeat));
    nextPageToken = page.nextPageToken;
    if (nextPageToken.length === 0) break;
  }
  return found.toSorted((a, b) => (a.queue + a.worker < b.queue + b.worker ? -1 : 1));
}

function noneIfUnimplemented(error: unknown) {
  if (grpcCode(error) === UNIMPLEMENTED) return { workersInfo: [], nextPageToken: new Uint8Array() };
  throw error;
}

type Page = Awaited<ReturnType<Client['workflowService']['listWorkers']>>;
type Heartbeat = NonNullable<Page['workersInfo'][number]['workerHeartbeat']>;

function workerOf(beat: Heartbeat): ReportingWorker {
  const { deploymentVersion: version, workflowTaskSlotsInfo, activityTaskSlotsInfo } = beat;
  return {
    worker: beat.workerIdentity ?? '',
    queue: beat.taskQueue ?? '',
    // Without versioning, the SDK reports its own name as the build.
    ...(version?.deploymentName ? { build: version.buildId ?? '' } : {}),
    state: STATES[Number(beat.status)] ?? 'stopped',
    started_at: instant(beat.startTime),
    last_report_at: instant(beat.heartbeatTime),
    ...slots('workflow_slots', workflowTaskSlotsInfo),
    ...slots('activity_slots', activityTaskSlotsInfo),
  };
}

function slots<K extends string>(
  name: K,
  info: Heartbeat['activityTaskSlotsInfo'],
): Partial<Record<K, Slots>> {
  const used = info?.currentUsedSlots ?? 0;
  const free = info?.currentAvailableSlots ?? 0;
  return used + free === 0 ? {} : ({ [name]: { used, free } } as Partial<Record<K, Slots>>);
}

type Slots = z.infer<typeof slotsSchema>;

function instant(time: Heartbeat['startTime']): string {
  return new Date(optionalTsToMs(time) ?? 0).toISOString();
}

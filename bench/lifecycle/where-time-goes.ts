import type { Client } from '@temporalio/client';
import type { TrainingKey } from '#training/key.ts';
import { workflowId } from '#workflows/contract/ids.ts';

export interface ActivityTime {
  readonly activity: string;
  readonly runs: number;
  /** From being scheduled to being done, over all runs. */
  readonly ms: number;
}

/** Activities of a life and of all that it set off, with their times, from the histories themselves. */
export async function activityTimes(
  client: Client,
  key: TrainingKey,
  deployment: number,
): Promise<readonly ActivityTime[]> {
  const ids = [
    workflowId.lifecycle(key),
    workflowId.train(key),
    workflowId.register(key),
    workflowId.deploy(key, deployment),
    workflowId.reconcile(key),
  ];
  const times = new Map<string, { runs: number; ms: number }>();
  for (const id of ids) {
    const { events } = await client.workflow.getHandle(id).fetchHistory();
    const scheduled = new Map<string, { name: string; at: number }>();
    for (const event of events ?? []) {
      const at = Number(event.eventTime?.seconds ?? 0) * 1e3 + (event.eventTime?.nanos ?? 0) / 1e6;
      const begun = event.activityTaskScheduledEventAttributes;
      if (begun) scheduled.set(String(event.eventId), { name: begun.activityType?.name ?? '', at });
      const start = scheduled.get(String(event.activityTaskCompletedEventAttributes?.scheduledEventId));
      if (start === undefined) continue;
      const sum = times.get(start.name) ?? { runs: 0, ms: 0 };
      times.set(start.name, { runs: sum.runs + 1, ms: sum.ms + at - start.at });
    }
  }
  return [...times]
    .map(([activity, { runs, ms }]) => ({ activity, runs, ms: Math.round(ms) }))
    .toSorted((a, b) => b.ms - a.ms);
}

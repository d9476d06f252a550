import { proxyActivities } from '@temporalio/workflow';

const { nothing } = proxyActivities<{ nothing(): Promise<void> }>({
  taskQueue: 'bare',
  startToCloseTimeout: '1 minute',
});

/** The floor: as many activities as a lifecycle has, one after the other, each doing nothing. */
export async function bareWorkflow(activities: number): Promise<void> {
  for (let done = 0; done < activities; done += 1) await nothing();
}

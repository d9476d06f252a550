import type { WorkflowHandle } from '@temporalio/client';

export type HistoryEvent = NonNullable<Awaited<ReturnType<WorkflowHandle['fetchHistory']>>['events']>[number];

/** What a workflow can wait for. */
export type Wait =
  | 'timer'
  /** From the start on a worker to the result in the history. */
  | 'activity'
  /** From being scheduled to the start on a worker. */
  | 'activity_dispatch'
  /** A worker runs workflow code and answers with commands. */
  | 'workflow_task'
  | 'child_start'
  | 'workflow_task_dispatch';

/** Times are milliseconds since the epoch. */
export interface Span {
  readonly wait: Wait;
  /** Set for activities. */
  readonly activity: string | undefined;
  readonly from: number;
  readonly to: number;
}

/** Every completed wait in a history, by the server's clock. */
export function spansOf(events: readonly HistoryEvent[]): Span[] {
  const byId = new Map(events.map((event) => [String(event.eventId), event]));
  return events.flatMap((event) => {
    const ended = endOf(event);
    const begin = byId.get(String(ended?.since));
    if (ended === undefined || begin === undefined) return [];
    const started = begin.activityTaskStartedEventAttributes;
    const scheduled = started ? byId.get(String(started.scheduledEventId)) : begin;
    const activity = scheduled?.activityTaskScheduledEventAttributes?.activityType?.name ?? undefined;
    return [{ wait: ended.wait, activity, from: timeOf(begin), to: timeOf(event) }];
  });
}

export function timeOf({ eventTime }: HistoryEvent): number {
  return Number(eventTime?.seconds ?? 0) * 1e3 + (eventTime?.nanos ?? 0) / 1e6;
}

/** The wait that this event ends, and the id of the event that began it. */
function endOf(event: HistoryEvent): { readonly wait: Wait; readonly since: unknown } | undefined {
  if (event.timerFiredEventAttributes)
    return { wait: 'timer', since: event.timerFiredEventAttributes.startedEventId };
  if (event.activityTaskStartedEventAttributes)
    return {
      wait: 'activity_dispatch',
      since: event.activityTaskStartedEventAttributes.scheduledEventId,
    };
  if (event.activityTaskCompletedEventAttributes)
    return { wait: 'activity', since: event.activityTaskCompletedEventAttributes.startedEventId };
  if (event.workflowTaskStartedEventAttributes)
    return {
      wait: 'workflow_task_dispatch',
      since: event.workflowTaskStartedEventAttributes.scheduledEventId,
    };
  if (event.workflowTaskCompletedEventAttributes)
    return { wait: 'workflow_task', since: event.workflowTaskCompletedEventAttributes.startedEventId };
  if (event.childWorkflowExecutionStartedEventAttributes)
    return {
      wait: 'child_start',
      since: event.childWorkflowExecutionStartedEventAttributes.initiatedEventId,
    };
  return undefined;
}

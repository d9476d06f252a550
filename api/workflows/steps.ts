import type { WorkflowHandle } from '@temporalio/client';
import { DefaultFailureConverter, defaultPayloadConverter, type ProtoFailure } from '@temporalio/common';
import { optionalTsToMs } from '@temporalio/common/lib/time.js';
import { z } from 'zod';
import { describeFailure } from './failure.ts';
import type { HistoryEvent } from './recent-history.ts';

export const stepSchema = z
  .object({
    kind: z.enum(['activity', 'child', 'timer']),
    name: z.string().describe('Description of the step'),
    status: z.enum(['scheduled', 'running', 'retrying', 'completed', 'failed', 'timed_out', 'cancelled']),
    attempt: z.number().int().describe('1 at the first try'),
    started_at: z.string().optional(),
    closed_at: z.string().optional(),
    workflow_id: z.string().optional().describe('Of a child'),
    message: z.string().optional().describe('Of the last failure'),
  })
  .meta({ id: 'WorkflowStep' });

export type Step = z.infer<typeof stepSchema>;

const failures = new DefaultFailureConverter();

type Description = Awaited<ReturnType<WorkflowHandle['describe']>>['raw'];
type PendingActivity = NonNullable<Description['pendingActivities']>[number];
type PendingChild = NonNullable<Description['pendingChildren']>[number];

/**
 * A workflow's steps in the order in which it took them, from its newest events and from what is under way. Steps that began
 * before these events are shown only while they are under way.
 */
export function stepsOf(
  events: readonly HistoryEvent[],
  { pendingActivities, pendingChildren }: Pick<Description, 'pendingActivities' | 'pendingChildren'>,
): Step[] {
  const steps = new Map<string, Step>();
  for (const event of events) note(steps, event);
  const earlier: Step[] = (pendingChildren ?? [])
    .filter(({ initiatedId }) => !steps.has(String(initiatedId)))
    .map(childBegunEarlier);
  for (const activity of pendingActivities ?? []) {
    const known = [...steps.values()].find(
      (one) => one.kind === 'activity' && ids.get(one) === activity.activityId,
    );
    const step = known ?? activityBegunEarlier(activity);
    if (known === undefined) earlier.push(step);
    step.attempt = activity.attempt ?? 1;
    const message = messageOfFailure(activity.lastFailure);
    if (message !== undefined) step.message = message;
    if (activity.lastStartedTime != null) step.started_at = instant(activity.lastStartedTime);
    // Otherwise it waits for a worker, or for its next try.
    step.status =
      Number(activity.state) === HANDED_TO_WORKER ? 'running' : step.attempt > 1 ? 'retrying' : 'scheduled';
  }
  return [...earlier, ...steps.values()];
}

function activityBegunEarlier({ activityType }: PendingActivity): Step {
  return { kind: 'activity', name: activityType?.name ?? 'activity', status: 'scheduled', attempt: 1 };
}

function childBegunEarlier({ workflowTypeName, workflowId }: PendingChild): Step {
  const child: Step = { kind: 'child', name: workflowTypeName ?? 'workflow', status: 'running', attempt: 1 };
  return { ...child, ...(workflowId ? { workflow_id: workflowId } : {}) };
}

/** `PENDING_ACTIVITY_STATE_STARTED` of Temporal's API. */
const HANDED_TO_WORKER = 2;

/** Pending activities are known by their activity id, history events by the event that scheduled them. */
const ids = new WeakMap<Step, string>();

function note(steps: Map<string, Step>, event: HistoryEvent): void {
  const activity = event.activityTaskScheduledEventAttributes;
  if (activity) {
    const name = summary(event) ?? activity.activityType?.name ?? 'activity';
    const step = begin(steps, event, { kind: 'activity', name });
    if (activity.activityId != null) ids.set(step, activity.activityId);
    return;
  }
  const child = event.startChildWorkflowExecutionInitiatedEventAttributes;
  if (child) {
    const name = summary(event) ?? child.workflowType?.name ?? 'workflow';
    const step = begin(steps, event, { kind: 'child', name });
    if (child.workflowId != null) step.workflow_id = child.workflowId;
    return;
  }
  const timer = event.timerStartedEventAttributes;
  if (timer) {
    begin(steps, event, { kind: 'timer', name: summary(event) ?? 'Wait' }).status = 'running';
    return;
  }
  const change = changeOf(event);
  const step = change && steps.get(String(change.of));
  if (step) Object.assign(step, change.facts, timeOf(change.facts.status, event));
}

function begin(steps: Map<string, Step>, event: HistoryEvent, step: Pick<Step, 'kind' | 'name'>): Step {
  const begun: Step = { ...step, status: 'scheduled', attempt: 1, started_at: instant(event.eventTime) };
  steps.set(String(event.eventId), begun);
  return begun;
}

interface Change {
  /** Event that began the step. */
  readonly of: unknown;
  readonly facts: Partial<Step> & Pick<Step, 'status'>;
}

function changeOf(event: HistoryEvent): Change | undefined {
  const started = event.activityTaskStartedEventAttributes;
  if (started)
    return { of: started.scheduledEventId, facts: { status: 'running', attempt: started.attempt ?? 1 } };
  const childStarted = event.childWorkflowExecutionStartedEventAttributes;
  if (childStarted) return { of: childStarted.initiatedEventId, facts: { status: 'running' } };
  const notStarted = event.startChildWorkflowExecutionFailedEventAttributes;
  if (notStarted)
    return {
      of: notStarted.initiatedEventId,
      facts: { status: 'failed', message: 'a run with this id exists already' },
    };
  const done =
    event.activityTaskCompletedEventAttributes ?? event.childWorkflowExecutionCompletedEventAttributes;
  if (done) return { of: beginning(done), facts: { status: 'completed' } };
  const fired = event.timerFiredEventAttributes;
  if (fired) return { of: fired.startedEventId, facts: { status: 'completed' } };
  const failed = event.activityTaskFailedEventAttributes ?? event.childWorkflowExecutionFailedEventAttributes;
  if (failed)
    return {
      of: beginning(failed),
      facts: { status: 'failed', ...messageOf(messageOfFailure(failed.failure)) },
    };
  const late =
    event.activityTaskTimedOutEventAttributes ?? event.childWorkflowExecutionTimedOutEventAttributes;
  if (late) return { of: beginning(late), facts: { status: 'timed_out' } };
  const cancelled =
    event.activityTaskCanceledEventAttributes ?? event.childWorkflowExecutionCanceledEventAttributes;
  if (cancelled) return { of: beginning(cancelled), facts: { status: 'cancelled' } };
  const stopped = event.timerCanceledEventAttributes;
  if (stopped) return { of: stopped.startedEventId, facts: { status: 'cancelled' } };
  return undefined;
}

function beginning(attributes: object): unknown {
  if ('scheduledEventId' in attributes) return attributes.scheduledEventId;
  return 'initiatedEventId' in attributes ? attributes.initiatedEventId : undefined;
}

function timeOf(status: Step['status'], event: HistoryEvent): Partial<Step> {
  return status === 'running'
    ? { started_at: instant(event.eventTime) }
    : { closed_at: instant(event.eventTime) };
}

function messageOf(message: string | undefined): Pick<Step, 'message'> {
  return message === undefined ? {} : { message };
}

/** Uses the message of the workflow's own failure. */
export function messageOfFailure(failure: ProtoFailure | null | undefined): string | undefined {
  if (failure == null) return undefined;
  return describeFailure(failures.failureToError(failure, defaultPayloadConverter)).message;
}

function summary(event: HistoryEvent): string | undefined {
  const payload = event.userMetadata?.summary;
  const text: unknown = payload ? defaultPayloadConverter.fromPayload(payload) : undefined;
  return typeof text === 'string' && text !== '' ? text : undefined;
}

/** ISO-8601, UTC, milliseconds. */
export function instant(time: Parameters<typeof optionalTsToMs>[0]): string {
  return new Date(optionalTsToMs(time) ?? 0).toISOString();
}

import { Context } from '@temporalio/activity';

/** The workflow run of the current activity. */
export interface RunIdentity {
  readonly workflow_id: string;
  readonly run_id: string;
}

/** Throws a TypeError for an activity without a workflow, because its writes would have no origin. */
export function runIdentity(): RunIdentity {
  const { workflowExecution } = Context.current().info;
  if (workflowExecution === undefined) throw new TypeError('This activity was not started by a workflow.');
  return { workflow_id: workflowExecution.workflowId, run_id: workflowExecution.runId };
}

/** Identifies the current attempt of the current run in file names. */
export function attemptName(): string {
  return `${runIdentity().run_id}-${Context.current().info.attempt}`;
}

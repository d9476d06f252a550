import { Context } from '@temporalio/activity';

/** The workflow run that the current activity belongs to. */
export interface RunIdentity {
  readonly workflow_id: string;
  readonly run_id: string;
}

/** Throws a TypeError for an activity that no workflow started: what it writes would name no origin. */
export function runIdentity(): RunIdentity {
  const { workflowExecution } = Context.current().info;
  if (workflowExecution === undefined) throw new TypeError('This activity was not started by a workflow.');
  return { workflow_id: workflowExecution.workflowId, run_id: workflowExecution.runId };
}

/** Names the current attempt of the current run, in file names. */
export function attemptName(): string {
  return `${runIdentity().run_id}-${Context.current().info.attempt}`;
}

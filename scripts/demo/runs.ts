import { setTimeout as sleep } from 'node:timers/promises';
import type { Call } from './api.ts';
import type { StepResult } from './story.ts';

/** What a POST that starts a workflow answers. */
export interface Run {
  readonly workflow_id: string;
  readonly status: 'running' | 'committed';
  readonly result?: unknown;
}

interface WorkflowStatus {
  readonly status: string;
  readonly result?: unknown;
  readonly failure?: { readonly code?: string; readonly message?: string };
}

const LOOK_AGAIN_MS = 100;
const PATIENCE_MS = 300_000;

/** Looks until the answer is as wanted. `check` may throw to give up early. */
export async function poll<T>(
  look: () => Promise<T>,
  done: (answer: T) => boolean,
  check: () => Promise<void> = () => Promise.resolve(),
): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const answer = await look();
    if (done(answer)) return answer;
    await check();
    if (Date.now() > deadline) throw new Error('waited five minutes in vain');
    await sleep(LOOK_AGAIN_MS);
  }
}

/** Throws when the run ended in any other way than well; a run that goes on is fine. */
export async function stillFine(call: Call, workflowId: string): Promise<WorkflowStatus> {
  const state = await call<WorkflowStatus>('GET', `/v1/workflows/${workflowId}`);
  if (state.status === 'running' || state.status === 'completed') return state;
  const { code = '', message = 'no message' } = state.failure ?? {};
  throw new Error(`${workflowId} is ${state.status}: ${code} ${message}`);
}

/** The result of a run, once it is committed. */
export async function resultOf(call: Call, run: Run): Promise<unknown> {
  if (run.status === 'committed') return run.result;
  const ended = await poll(
    () => stillFine(call, run.workflow_id),
    ({ status }) => status === 'completed',
  );
  return ended.result;
}

/** Waits for one run or several and says what came of them. */
export async function finish(
  call: Call,
  started: Promise<Run | { readonly runs: readonly Run[] }>,
  says: (results: readonly unknown[]) => string,
): Promise<StepResult> {
  const answer = await started;
  const runs = 'runs' in answer ? answer.runs : [answer];
  const results: unknown[] = [];
  for (const run of runs) results.push(await resultOf(call, run));
  const last = runs.at(-1);
  return { ...(last === undefined ? {} : { workflow_id: last.workflow_id }), says: says(results) };
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { Run, WorkflowStatus } from '#client/api-types.ts';
import { answer, type Client } from '#client/client.ts';
import type { StepResult } from './step.ts';

const LOOK_AGAIN_MS = 100;
const PATIENCE_MS = 300_000;

/** Polls until the answer is as wanted. `check` may throw to give up early. */
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
    if (Date.now() > deadline) throw new Error('The answer was not as expected within five minutes.');
    await sleep(LOOK_AGAIN_MS);
  }
}

export function readRun(client: Client, id: string): Promise<WorkflowStatus> {
  return answer(client.GET('/v1/workflows/{*}', { params: { path: { '*': id } } }));
}

/** Throws if the run ended unsuccessfully; a running one is fine. */
export async function stillFine(client: Client, workflowId: string): Promise<WorkflowStatus> {
  const state = await readRun(client, workflowId);
  if (state.status === 'running' || state.status === 'completed') return state;
  const { code = '', message = 'no message' } = state.failure ?? {};
  throw new Error(`${workflowId} is ${state.status}: ${code} ${message}`);
}

/** The result of a run once it has completed. */
export async function resultOf(client: Client, run: Run): Promise<unknown> {
  if (run.status === 'committed') return run.result;
  const ended = await poll(
    () => stillFine(client, run.workflow_id),
    ({ status }) => status === 'completed',
  );
  return ended.result;
}

/** Waits for one or several runs and describes their results. */
export async function finish(
  client: Client,
  starting: Promise<Run | { readonly runs: readonly Run[] }>,
  says: (results: readonly unknown[]) => string,
): Promise<StepResult> {
  const started = await starting;
  const runs = 'runs' in started ? started.runs : [started];
  const results: unknown[] = [];
  for (const run of runs) results.push(await resultOf(client, run));
  const last = runs.at(-1);
  return { ...(last === undefined ? {} : { workflow_id: last.workflow_id }), says: says(results) };
}

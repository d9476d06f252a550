import type { Client } from '@temporalio/client';
import type { TrainingKey } from '#training/key.ts';
import { workflowId } from '#workflows/contract/ids.ts';
import { SIGNALS } from '#workflows/contract/messages.ts';
import { median } from '../numbers.ts';
import { spansOf, timeOf, type HistoryEvent, type Span, type Wait } from './spans.ts';

/** Milliseconds by name. */
export type Times = Readonly<Record<string, number>>;

/** Where one life spent its time, from the histories of its workflows. */
export interface LifeTimes {
  /** Activities of the lifecycle and of every workflow that it started. */
  readonly activities: number;
  /** By activity, from scheduled to completed, over all its runs. */
  readonly byActivity: Times;
  /**
   * By wait, from the first event of the lifecycle to its last. A moment with several waits counts for the first of
   * `PRECEDENCE`. A moment with none counts as `between`: hand-over between workflows, and the bench's client.
   */
  readonly byWait: Times;
}

const PRECEDENCE: readonly Wait[] = [
  'timer',
  'activity',
  'activity_dispatch',
  'workflow_task',
  'child_start',
  'workflow_task_dispatch',
];

/** Reads the histories of a finished lifecycle. */
export async function lifeTimes(client: Client, key: TrainingKey, deployment: number): Promise<LifeTimes> {
  const read = async (id: string, runId?: string): Promise<readonly HistoryEvent[]> =>
    (await client.workflow.getHandle(id, runId).fetchHistory()).events ?? [];
  const lifecycle = await read(workflowId.lifecycle(key));
  const deploy = await read(workflowId.deploy(key, deployment));
  const children = await Promise.all([workflowId.train(key), workflowId.register(key)].map((id) => read(id)));
  // One run after each change of the pair.
  const query = `WorkflowId = '${workflowId.reconcile(key)}'`;
  const promoting: Span[] = [];
  for await (const { runId } of client.workflow.list({ query }))
    promoting.push(...spansOf(await read(workflowId.reconcile(key), runId)));
  const own = [lifecycle, deploy, ...children].flatMap(spansOf);
  const activities = [...own, ...promoting].filter(({ activity }) => activity !== undefined);
  return {
    activities: activities.filter(({ wait }) => wait === 'activity').length,
    byActivity: sums(activities.map(({ activity = '', from, to }) => [activity, to - from])),
    byWait: waits([...own, ...before(signalled(deploy), promoting)], lifecycle),
  };
}

/** Medians over several lifecycles, longest first, in whole milliseconds. */
export function medianTimes(lives: readonly Times[]): Times {
  const names = [...new Set(lives.flatMap((one) => Object.keys(one)))];
  const medians = names.map(
    (name) => [name, Math.round(median(lives.map((one) => one[name] ?? 0)))] as const,
  );
  return Object.fromEntries(medians.toSorted(([, a], [, b]) => b - a));
}

/**
 * The moment at which the reconciler signals the deployment that it is live. The lifecycle does not wait for what the
 * reconciler does later.
 */
function signalled(deploy: readonly HistoryEvent[]): number {
  const signal = deploy.find(
    ({ workflowExecutionSignaledEventAttributes: sent }) => sent?.signalName === SIGNALS.deploymentChanged,
  );
  return signal === undefined ? Number.POSITIVE_INFINITY : timeOf(signal);
}

function before(end: number, spans: readonly Span[]): Span[] {
  return spans.filter(({ from }) => from < end).map((span) => ({ ...span, to: Math.min(span.to, end) }));
}

function waits(spans: readonly Span[], lifecycle: readonly HistoryEvent[]): Times {
  const ends = lifecycle.map(timeOf);
  const [begin, end] = [Math.min(...ends), Math.max(...ends)];
  const cuts = [begin, end, ...spans.flatMap(({ from, to }) => [from, to])]
    .filter((at) => at >= begin && at <= end)
    .toSorted((a, b) => a - b);
  return sums(
    cuts.slice(1).map((to, index) => {
      const from = cuts[index] ?? begin;
      const on = spans.filter((span) => span.from <= from && span.to >= to);
      return [PRECEDENCE.find((wait) => on.some((span) => span.wait === wait)) ?? 'between', to - from];
    }),
  );
}

function sums(entries: readonly (readonly [string, number])[]): Times {
  const found: Record<string, number> = {};
  for (const [name, ms] of entries) found[name] = (found[name] ?? 0) + ms;
  return found;
}

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { recentHistory } from '#api/workflows/recent-history.ts';
import { createWorkflowStarter } from '#api/workflows/starter.ts';
import { until } from '#test/support/runs.ts';
import { forThisFile } from '#test/support/stores.ts';
import { runningApp } from './running-app.ts';

const TASK_QUEUE = 'long-histories';
const running = await forThisFile(runningApp());
const { environment, temporal } = running.deps;

before(async () => {
  Runtime.install({ logger: { ...console, log() {}, trace() {}, debug() {}, info() {}, warn() {} } });
});

const idOf = (digest: string) => `train/buys/habits/${digest.repeat(32)}/2020-03-01`;

interface Shown {
  readonly steps: readonly Readonly<Record<string, unknown>>[];
  readonly older_steps?: true;
}

test('a status of a history of 20,000 events reads one page, and shows the newest steps and what is under way', async () => {
  const connection = await NativeConnection.connect({ address: environment.MILLRACE_TEMPORAL_ADDRESS });
  const worker = await Worker.create({
    connection,
    namespace: temporal.options.namespace,
    taskQueue: TASK_QUEUE,
    workflowsPath: fileURLToPath(new URL('./fixtures/workflows.ts', import.meta.url)),
    activities: { work: async () => 'done' },
  });
  const working = worker.run();
  const [id, child] = [idOf('a'), idOf('b')];
  await createWorkflowStarter(temporal, TASK_QUEUE).start({
    type: 'long',
    workflowId: id,
    input: { events: 20_000, child },
    summary: 'A long history',
    labels: {},
    principal: 'ann',
  });
  const status = async (): Promise<Shown> =>
    (await running.ask('viewer', { url: `/v1/workflows/${id}` })).json();
  const handle = temporal.workflow.getHandle(id);
  const shown = await until(
    async () => {
      const now = await status();
      const last = now.steps.at(-1);
      return last?.['name'] === 'Last step' && last['status'] === 'completed' && now;
    },
    'the last step is done',
    120_000,
  );
  const { historyLength, runId } = await handle.describe();
  assert.ok(historyLength > 20_000);
  const page = await recentHistory(temporal, { workflowId: id, runId });
  assert.ok(page.events.length < 1_500, `${page.events.length} events`);
  assert.equal(page.whole, false);
  assert.equal(shown.older_steps, true);
  const [first] = shown.steps;
  assert.deepEqual([first?.['kind'], first?.['workflow_id'], first?.['status']], ['child', child, 'running']);
  await handle.terminate();
  worker.shutdown();
  await working;
  await connection.close();
});

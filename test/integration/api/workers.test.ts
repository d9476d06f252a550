import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { QueueHealth, WorkerHealth } from '#api/workers/worker-health.ts';
import { until } from '#test/support/runs.ts';
import { forThisFile } from '#test/support/stores.ts';
import { TASK_QUEUES, WORKER_DEPLOYMENT } from '#workflows/contract/ids.ts';
import { runningApp } from './running-app.ts';

let now = () => new Date();
const running = await forThisFile(runningApp({ now: () => now() }));
const { environment, temporal } = running.deps;

before(() => {
  Runtime.install({
    logger: { ...console, log() {}, trace() {}, debug() {}, info() {}, warn() {} },
    workerHeartbeatInterval: '1s',
  });
});

async function health(): Promise<WorkerHealth> {
  const answer = await running.ask('viewer', { url: '/v1/workers' });
  assert.equal(answer.statusCode, 200, answer.body);
  return answer.json();
}

const queueOf = ({ queues }: WorkerHealth, name: string): QueueHealth => {
  const found = queues.find(({ queue }) => queue === name);
  assert.ok(found, name);
  return found;
};

async function workersCheck(): Promise<{ readonly ok: boolean; readonly message?: string }> {
  const answer = await running.app.inject('/readyz');
  assert.equal(answer.statusCode, 200);
  return answer.json().checks.find(({ name }: { name: string }) => name === 'workers');
}

test('shows every queue, who serves it, its slots and what waits, and marks a queue without a worker', async () => {
  const before = await health();
  assert.deepEqual(
    before.queues.map(({ queue, served }) => [queue, served]),
    Object.values(TASK_QUEUES).map((queue) => [queue, false]),
  );
  assert.deepEqual(before.workers, []);
  assert.match(
    (await workersCheck()).message ?? '',
    /no worker serves lifecycle \(never\), .*millrace workers/,
  );

  const held: (() => void)[] = [];
  const connection = await NativeConnection.connect({ address: environment.MILLRACE_TEMPORAL_ADDRESS });
  const worker = await Worker.create({
    connection,
    namespace: temporal.options.namespace,
    taskQueue: TASK_QUEUES.scoring,
    activities: { hold: () => new Promise<void>((done) => held.push(done)) },
    maxConcurrentActivityTaskExecutions: 1,
  });
  const working = worker.run();
  const start = (id: string) =>
    temporal.activity.start('hold', {
      id,
      taskQueue: TASK_QUEUES.scoring,
      startToCloseTimeout: '1 minute',
      args: [],
    });
  await start('one');
  await start('two');
  const busy = await until(async () => {
    const shown = await health();
    const [one] = shown.workers;
    return one?.activity_slots?.used === 1 && queueOf(shown, 'scoring').backlog === 1 && shown;
  }, 'one task is held and one waits');
  assert.deepEqual(busy.workers[0]?.activity_slots, { used: 1, free: 0 });
  assert.equal(busy.workers[0]?.state, 'running');
  assert.equal(busy.workers[0]?.build, undefined);
  const scoring = queueOf(busy, 'scoring');
  assert.deepEqual([scoring.served, scoring.pollers], [true, 1]);
  assert.doesNotMatch((await workersCheck()).message ?? '', /scoring/);

  held[0]?.();
  await until(() => Promise.resolve(held.length === 2), 'the second is held');
  held[1]?.();
  worker.shutdown();
  await working;
  await connection.close();
  // A minute without a poll, which may last another one, on clocks that may differ by two.
  now = () => new Date(Date.now() + 4 * 60_000 + 1_000);
  const after = queueOf(await health(), 'scoring');
  assert.equal(after.served, false);
  assert.ok(after.last_seen_at !== undefined);
  assert.match((await workersCheck()).message ?? '', /scoring \(last 20/);
});

test('refuses a build that no worker has reported, or whose workers leave a queue out', async () => {
  const use = (role: 'operator' | 'scientist', build: string, body: object = {}) =>
    running.ask(role, { method: 'POST', url: `/v1/workers/builds/${build}/use`, payload: body });
  const unknown = await use('operator', '0.2.0');
  assert.deepEqual([unknown.statusCode, unknown.json().code], [404, 'WORKER_BUILD_UNKNOWN']);
  assert.equal((await use('scientist', '0.2.0')).statusCode, 403);
  assert.equal((await use('operator', '0.2.0', { percent: 0 })).statusCode, 400);

  const connection = await NativeConnection.connect({ address: environment.MILLRACE_TEMPORAL_ADDRESS });
  const worker = await Worker.create({
    connection,
    namespace: temporal.options.namespace,
    taskQueue: TASK_QUEUES.scoring,
    activities: { hold: async () => undefined },
    workerDeploymentOptions: {
      version: { deploymentName: WORKER_DEPLOYMENT, buildId: '0.2.0' },
      useWorkerVersioning: true,
      defaultVersioningBehavior: 'PINNED',
    },
  });
  const working = worker.run();
  const refused = await until(async () => {
    const answer = await use('operator', '0.2.0');
    return answer.statusCode === 409 && answer;
  }, 'the worker has reported');
  assert.equal(refused.json().code, 'WORKER_BUILD_INCOMPLETE');
  assert.deepEqual(refused.json().details.missing, ['lifecycle', 'waits', 'jobs', 'features']);
  const { builds } = (await running.ask('viewer', { url: '/v1/workers' })).json();
  assert.deepEqual(builds, [{ build: '0.2.0', state: 'inactive' }]);
  worker.shutdown();
  await working;
  await connection.close();
});

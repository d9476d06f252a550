import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { createWorkflowStarter, type StartRequest, type WorkflowStarter } from '#api/workflows/starter.ts';
import { digestOf } from '#configs/canonical.ts';
import { admitted } from '#test/support/admitted-jobs.ts';
import { commandJob } from '#test/support/command-jobs.ts';
import { until } from '#test/support/runs.ts';
import { applyConfigs } from './fixtures/configs.ts';
import { runningApp, type RunningApp } from './running-app.ts';

const unique = randomBytes(6).toString('hex');
let running: RunningApp;
let connection: NativeConnection;
let worker: Worker;
let working: Promise<void>;
let starter: WorkflowStarter;

before(async () => {
  Runtime.install({ logger: { ...console, log() {}, trace() {}, debug() {}, info() {}, warn() {} } });
  running = await runningApp();
  await applyConfigs(running.deps.table, running.deps.objects);
  const { environment, temporal } = running.deps;
  connection = await NativeConnection.connect({ address: environment.MILLRACE_TEMPORAL_ADDRESS });
  worker = await Worker.create({
    connection,
    namespace: temporal.options.namespace,
    taskQueue: `api-${unique}`,
    workflowsPath: fileURLToPath(new URL('./fixtures/workflows.ts', import.meta.url)),
    activities: {
      work: async (fail: boolean) => {
        if (!fail) return 'done';
        const details = { where: 'config.yaml:1:1', remedy: 'mend it', rows: 0 };
        throw ApplicationFailure.nonRetryable('nothing to read', 'JOB_REJECTED', details);
      },
    },
  });
  working = worker.run();
  starter = createWorkflowStarter(temporal, `api-${unique}`);
});
after(async () => {
  worker.shutdown();
  await working;
  await connection.close();
  await running[Symbol.asyncDispose]();
});

/** A natural key of its own for each name. */
const idOf = (name: string) => `train/buys/habits/${digestOf(unique + name)}/2020-03-01`;

function request(name: string, change: Partial<StartRequest<string>> = {}): StartRequest<string> {
  return {
    type: 'parent',
    workflowId: idOf(name),
    input: { fail: false, child: idOf(`${name}/child`) },
    summary: `Try ${name}`,
    labels: {},
    principal: 'ann',
    ...change,
  };
}

const status = async (id: string) => (await running.ask('viewer', { url: `/v1/workflows/${id}` })).json();

async function finished(id: string) {
  await running.deps.temporal.workflow
    .getHandle(id)
    .result()
    .catch(() => undefined);
  return status(id);
}

test('asking twice is one run, and asking after its end gives the result', async () => {
  const [first, second] = await Promise.all([
    starter.start(request('twice')),
    starter.start(request('twice')),
  ]);
  assert.ok(first.status === 'running' && second.status === 'running');
  assert.equal(first.run_id, second.run_id);
  await finished(first.workflow_id);
  const third = await starter.start(request('twice'));
  assert.deepEqual(third, { status: 'committed', workflow_id: first.workflow_id, result: 'done, done' });
});

test('a committed result is given without a run, and a lost one is made again', async () => {
  let stored: string | undefined = 'stands';
  const asked = request('store', { committed: async () => stored });
  assert.equal((await starter.start(asked)).status, 'committed');
  stored = undefined;
  const first = await starter.start(asked);
  await finished(first.workflow_id);
  const again = await starter.start(asked);
  assert.ok(first.status === 'running' && again.status === 'running');
  assert.notEqual(first.run_id, again.run_id);
  await finished(again.workflow_id);
});

test('a status tells the steps in words, the result, and who asked', async () => {
  const { workflow_id: id } = await starter.start(request('steps'));
  const done = await finished(id);
  assert.equal(done.status, 'completed');
  assert.equal(done.result, 'done, done');
  assert.equal(done.requested_by, 'ann');
  assert.equal(done.summary, 'Try steps');
  assert.deepEqual(
    done.steps.map((step: Record<string, unknown>) => [step.kind, step.name, step.status]),
    [
      ['activity', 'First step', 'completed'],
      ['timer', 'A short pause', 'completed'],
      ['child', 'child', 'completed'],
    ],
  );
});

test('a failure deep in a child carries the code, the place and what to do', async () => {
  const failing = request('fails', { input: { fail: true, child: idOf('fails/child') } });
  const { workflow_id: id } = await starter.start(failing);
  const failed = await finished(id);
  assert.equal(failed.status, 'failed');
  assert.equal(failed.failure.code, 'JOB_REJECTED');
  assert.equal(failed.failure.message, 'nothing to read');
  assert.equal(failed.failure.where, 'config.yaml:1:1');
  assert.deepEqual(failed.failure.details, { rows: 0 });
  assert.match(failed.steps.at(-1).message, /nothing to read/);
  const retried = await starter.start(failing);
  assert.equal(retried.status, 'running', 'a failed run may be tried again');
});

test('a running workflow is cancelled once, by somebody who may', async () => {
  const { workflow_id: id } = await starter.start(
    request('cancel', { type: 'patient', workflowId: 'score/buys/habits/v1/2020-03-05/r1' }),
  );
  const cancel = (role: 'viewer' | 'scientist' | 'operator') =>
    running.ask(role, { method: 'POST', url: `/v1/workflows/${id}/cancel` });
  assert.equal((await cancel('viewer')).statusCode, 403);
  assert.equal((await cancel('scientist')).statusCode, 403);
  assert.equal((await cancel('operator')).statusCode, 202);
  const ended = await finished(id);
  assert.equal(ended.status, 'cancelled');
  assert.equal(ended.failure.code, 'WORKFLOW_CANCELLED');
  const late = await cancel('operator');
  assert.equal(late.statusCode, 409);
  assert.equal(late.json().code, 'WORKFLOW_NOT_RUNNING');
  const { items: entries } = (await running.ask('admin', { url: '/v1/audit?limit=1' })).json();
  assert.equal(entries[0].workflow_id, id);
});

test('cancelling a lifecycle says what a later approval does', async () => {
  const { workflow_id: id } = await starter.start(
    request('life', { type: 'patient', workflowId: `lifecycle/buys/habits/${digestOf('life')}/2020-03-01` }),
  );
  const answer = await running.ask('scientist', { method: 'POST', url: `/v1/workflows/${id}/cancel` });
  assert.equal(answer.statusCode, 202, answer.body);
  assert.match(answer.json().note, /can still be approved, but then nothing deploys it by itself/);
});

test('an unknown workflow is a 404 for status, logs and cancel', async () => {
  for (const [method, tail] of [
    ['GET', ''],
    ['GET', '/logs'],
    ['POST', '/cancel'],
  ] as const) {
    const answer = await running.ask('admin', { method, url: `/v1/workflows/train/no/such/thing${tail}` });
    assert.equal(answer.statusCode, 404, tail);
    assert.equal(answer.json().code, 'WORKFLOW_NOT_FOUND');
  }
});

test('reads, lists and cancels only workflows of the platform', async () => {
  const { temporal } = running.deps;
  const foreign = [
    'temporal-sys-scheduler:reconcile-sweep',
    'reconcile-sweep',
    'score-daily/buys/habits',
    'x',
  ];
  for (const workflowId of foreign)
    await temporal.workflow.start('patient', { workflowId, taskQueue: `api-${unique}` });
  for (const id of [...foreign, 'train/buys', 'score/buys/habits/v01/2020-03-05/r1'])
    for (const [method, tail] of [
      ['GET', ''],
      ['GET', '/logs'],
      ['GET', '/logs?follow=true'],
      ['POST', '/cancel'],
    ] as const) {
      const answer = await running.ask('admin', {
        method,
        url: `/v1/workflows/${encodeURIComponent(id)}${tail}`,
      });
      assert.deepEqual([answer.statusCode, answer.json().code], [404, 'WORKFLOW_NOT_FOUND'], `${id}${tail}`);
    }
  for (const id of foreign)
    assert.equal((await temporal.workflow.getHandle(id).describe()).status.name, 'RUNNING');
  const own = await starter.start(request('listed', { type: 'patient' }));
  let listed: string[] = [];
  while (!listed.includes(own.workflow_id)) {
    const { items: workflows } = (await running.ask('viewer', { url: '/v1/workflows?limit=200' })).json();
    listed = workflows.map((row: { workflow_id: string }) => row.workflow_id);
  }
  assert.deepEqual(
    listed.filter((id) => foreign.includes(id)),
    [],
  );
});

test('lists workflows page by page, each once, and refuses the token of another filter', async () => {
  const page = async (query: string) =>
    (await running.ask('viewer', { url: `/v1/workflows?${query}` })).json();
  const runs = (rows: readonly { readonly run_id: string }[]) => rows.map(({ run_id }) => run_id);
  const whole = runs((await page('limit=200')).items);
  assert.ok(whole.length >= 4);
  const first = await page('limit=3');
  const other = await page(`limit=3&status=failed&after=${first.next}`);
  assert.equal(other.code, 'PAGE_TOKEN_INVALID');
  // Temporal's listing lags behind runs that start or end meanwhile.
  await until(async () => {
    const walked: string[] = [];
    for (let answer = await page('limit=3'); ; answer = await page(`limit=3&after=${answer.next}`)) {
      walked.push(...runs(answer.items));
      if (answer.next === undefined) break;
    }
    return isDeepStrictEqual(walked, runs((await page('limit=200')).items));
  }, 'each is there once');
});

test('filters workflows by what their ids begin with and by each status', async () => {
  const list = async (query: string): Promise<{ workflow_id: string; status: string }[]> =>
    (await running.ask('viewer', { url: `/v1/workflows?limit=200&${query}` })).json().items;
  let all = await list('');
  for (const status of ['running', 'completed', 'failed', 'cancelled', 'terminated', 'timed_out'])
    // Temporal's listing lags behind runs that end meanwhile.
    await until(async () => {
      all = await list('');
      const wanted = all.filter((row) => row.status === status);
      return isDeepStrictEqual(await list(`status=${status}`), wanted);
    }, status);
  const trainings = all.filter(({ workflow_id }) => workflow_id.startsWith('train/'));
  assert.ok(trainings.length > 0 && trainings.length < all.length);
  const runs = (rows: readonly { workflow_id: string }[]) => rows.map(({ workflow_id }) => workflow_id);
  assert.deepEqual(runs(await list('type=train')), runs(trainings));
  assert.equal((await running.ask('viewer', { url: '/v1/workflows?type=temporal' })).statusCode, 400);
});

test('says that Temporal refused a call, unlike that it did not answer', async () => {
  const { temporal } = running.deps;
  const unknown = new Client({ connection: temporal.connection, namespace: `absent-${unique}` });
  await using lost = await runningApp({ temporal: unknown });
  const answer = await lost.ask('viewer', { url: '/v1/workflows' });
  assert.deepEqual([answer.statusCode, answer.json().code], [502, 'TEMPORAL_REFUSED'], answer.body);
});

test('lets a scheduler read the status of scoring, no logs and no other workflow', async () => {
  const { workflow_id: id } = await starter.start(
    request('scored', { workflowId: 'score/buys/habits/v1/2020-03-06/r1' }),
  );
  const read = async (url: string) => (await running.ask('scheduler', { url })).statusCode;
  assert.equal(await read(`/v1/workflows/${id}`), 200);
  assert.equal(await read(`/v1/workflows/${id}/logs`), 403);
  assert.equal(await read('/v1/workflows'), 403);
  assert.equal(await read(`/v1/workflows/${idOf('twice')}`), 403);
});

test('logs of a workflow join its jobs, go on where a reader stopped, and follow to the end', async () => {
  const { workflow_id: id } = await starter.start(request('logs', { type: 'patient' }));
  const { jobs, table, temporal } = running.deps;
  for (const [index, line] of ['first try', 'second try'].entries()) {
    const key = `job-${unique}-${index}`;
    const spec = commandJob([process.execPath, '-e', `console.log('log of the ${line}')`], { key });
    await admitted(table, {
      workflow_id: id,
      handle: { backend: jobs.preferred.name, key },
      title: line,
      submitted_at: new Date(Date.UTC(2026, 0, 1, 0, index)).toISOString(),
    });
    const handle = await jobs.preferred.submit(spec);
    while ((await jobs.preferred.get(handle)).phase !== 'succeeded')
      await new Promise((next) => setTimeout(next, 50));
  }
  const read = await running.ask('viewer', { url: `/v1/workflows/${id}/logs` });
  assert.match(String(read.headers['content-type']), /^text\/plain/);
  assert.match(
    read.body,
    /^== first try .*\nlog of the first try\n== second try .*\nlog of the second try\n$/,
  );
  const place = String(read.headers['x-next-place']);
  assert.equal((await running.ask('viewer', { url: `/v1/workflows/${id}/logs?from=${place}` })).body, '');
  const following = running.ask('viewer', { url: `/v1/workflows/${id}/logs?follow=true` });
  await temporal.workflow.getHandle(id).cancel();
  assert.equal((await following).body, read.body);
});

test('cuts a followed log when its key is revoked', async () => {
  const { workflow_id: id } = await starter.start(request('followed', { type: 'patient' }));
  const { jobs, table, temporal } = running.deps;
  const key = `job-${unique}-followed`;
  await admitted(table, {
    workflow_id: id,
    handle: { backend: jobs.preferred.name, key },
    title: 'followed',
    submitted_at: new Date().toISOString(),
  });
  await jobs.preferred.submit(commandJob([process.execPath, '-e', "console.log('begun')"], { key }));
  const leaver = await running.keys.create({
    name: 'leaver',
    roles: ['viewer'],
    teams: [],
    createdBy: 'test',
  });
  const url = await running.app.listen({ host: '127.0.0.1', port: 0 });
  const answer = await fetch(`${url}/v1/workflows/${id}/logs?follow=true`, {
    headers: { authorization: `Bearer ${leaver.text}` },
  });
  assert.equal(answer.status, 200);
  const revoke = { method: 'DELETE', url: `/v1/keys/${leaver.key.id}` } as const;
  assert.equal((await running.ask('admin', revoke)).statusCode, 200);
  await assert.rejects(answer.text(), /terminated/);
  assert.equal((await temporal.workflow.getHandle(id).describe()).status.name, 'RUNNING');
});

test('says on which machine the log of a job is that this process cannot reach', async () => {
  const { workflow_id: id } = await starter.start(request('other-machine'));
  const key = `job-${unique}-far`;
  await admitted(running.deps.table, {
    workflow_id: id,
    handle: { backend: 'process', key, host: 'laptop-2' },
    title: 'far',
    submitted_at: '2026-01-01T00:00:00.000Z',
  });
  const read = await running.ask('viewer', { url: `/v1/workflows/${id}/logs` });
  assert.equal(
    read.body,
    `== far (${key}, laptop-2, 2026-01-01T00:00:00.000Z)\n(The log is on the machine laptop-2, in the folder jobs/${key} of its home.)\n`,
  );
  const url = `/v1/workflows/${id}/logs?from=${String(read.headers['x-next-place'])}`;
  assert.equal((await running.ask('viewer', { url })).body, '');
});

test('a log is asked of the backend that the record names, and of no other', async () => {
  const { workflow_id: id } = await starter.start(request('elsewhere'));
  const { jobs, table } = running.deps;
  const key = `job-${unique}-elsewhere`;
  // A job of this key is here, but the record says that it is not the one.
  const handle = await jobs.preferred.submit(commandJob(['echo', 'not this'], { key }));
  while ((await jobs.preferred.get(handle)).phase !== 'succeeded')
    await new Promise((next) => setTimeout(next, 50));
  await admitted(table, {
    workflow_id: id,
    handle: { backend: 'elsewhere', key },
    title: 'elsewhere',
    submitted_at: new Date().toISOString(),
  });
  const answer = await running.ask('viewer', { url: `/v1/workflows/${id}/logs` });
  assert.equal(answer.statusCode, 503);
  assert.equal(answer.json().code, 'JOB_BACKEND_UNKNOWN');
  assert.match(answer.json().detail, /no job backend "elsewhere"; it has "process"/);
});

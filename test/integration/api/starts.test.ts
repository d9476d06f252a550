import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { after, before, test } from 'node:test';
import { createConfigStore } from '#catalog/config-store.ts';
import { createPartitionStore } from '#features/partitions/partition-store.ts';
import { featureSetNamed } from '#catalog/feature-configs.ts';
import { definitionDigest } from '#features/definition.ts';
import { createDuckDbEngine } from '#features/engines/duckdb/duckdb-engine.ts';
import { materialisePartition } from '#features/partitions/materialise.ts';
import { withScratchFolder } from '#platform/local-files.ts';
import { putParquet } from '#test/support/parquet.ts';
import { buildCard } from '#registry/cards/build-card.ts';
import { writeCard } from '#registry/cards/card-store.ts';
import { createRegistry, type Registry } from '#registry/registry.ts';
import { workflowId } from '#workflows/contract/ids.ts';
import { cardInput } from '#test/support/cards.ts';
import { approval, approvedVersion, deploymentOf, trainedVersion } from '#test/support/registry.ts';
import { applyConfigs, FILES, PAIR } from './fixtures/configs.ts';
import { runningApp, type RunningApp } from './running-app.ts';

let running: RunningApp;
let registry: Registry;
before(async () => {
  running = await runningApp();
  const { table, objects } = running.deps;
  registry = createRegistry(table, objects);
  await applyConfigs(table, objects);
});
after(() => running[Symbol.asyncDispose]());

const post = (role: 'scientist' | 'operator', url: string, payload?: object) =>
  running.ask(role, { method: 'POST', url, ...(payload && { payload }) });
const pairPath = `/v1/pairs/${PAIR.model}/${PAIR.feature_set}`;
const started = (id: string) => running.deps.temporal.workflow.getHandle(id).describe();

test('a partition asked for twice is one run, a range one run per partition date', async () => {
  const ask = () => post('scientist', '/v1/feature-sets/habits/partitions', { dt: '2020-03-01' });
  const [first, second] = await Promise.all([ask(), ask()]);
  assert.equal(first.statusCode, 202, first.body);
  assert.match(first.json().workflow_id, /^materialise\/habits\/[0-9a-f]{32}\/2020-03-01\/r1$/);
  assert.equal(first.json().run_id, second.json().run_id);
  const range = { from: '2020-02-10', to: '2020-05-20' };
  const many = await post('scientist', '/v1/feature-sets/habits/partitions', range);
  const dates = many.json().runs.map((run: { workflow_id: string }) => run.workflow_id.split('/')[3]);
  assert.deepEqual(dates, ['2020-03-01', '2020-04-01', '2020-05-01']);
});

test('wrong dates and unknown names reach no workflow', async () => {
  const cases = [
    ['/v1/feature-sets/habits/partitions', { dt: '2020-03-02' }, 422, 'DATES_HOLD_NO_PARTITION'],
    ['/v1/feature-sets/habits/partitions', { dt: '2999-01-01' }, 422, 'DATE_IN_FUTURE'],
    ['/v1/feature-sets/habits/partitions', { dt: '9999-12-01' }, 422, 'DATE_IN_FUTURE'],
    ['/v1/feature-sets/habits/partitions', { dt: '9999-12-31' }, 422, 'DATE_IN_FUTURE'],
    ['/v1/feature-sets/habits/partitions', { from: '2020-03-01', to: '9999-12-31' }, 422, 'DATE_IN_FUTURE'],
    ['/v1/feature-sets/habits/partitions', { dt: '0000-01-01' }, 422, 'DATES_HOLD_NO_PARTITION'],
    ['/v1/feature-sets/habits/partitions', { dt: '+010000-01-01' }, 400, 'REQUEST_INVALID'],
    ['/v1/models/buys/trainings', { as_of: '9999-12-31' }, 422, 'DATE_IN_FUTURE'],
    ['/v1/models/buys/trainings', { as_of: '0000-01-01' }, 422, 'TRAINING_NO_LABELLED_DATE'],
    ['/v1/feature-sets/habits/partitions', { dt: '2020-13-01' }, 400, 'REQUEST_INVALID'],
    ['/v1/feature-sets/nothing/partitions', { dt: '2020-03-01' }, 404, 'FEATURE_SET_UNKNOWN'],
    ['/v1/models/nothing/trainings', { as_of: '2020-03-01' }, 404, 'CONFIG_NOT_FOUND'],
    ['/v1/models/buys/trainings', { as_of: '2020-01-31' }, 422, 'TRAINING_NO_LABELLED_DATE'],
    ['/v1/models/buys/lifecycles', { as_of: '2999-01-01' }, 422, 'DATE_IN_FUTURE'],
  ] as const;
  for (const [url, payload, status, code] of cases) {
    const answer = await post('scientist', url, payload);
    assert.deepEqual([answer.statusCode, answer.json().code], [status, code], `${url} ${answer.body}`);
  }
});

test('training and lifecycle share the tail of their ids and carry what operators filter by', async () => {
  const training = await post('scientist', '/v1/models/buys/trainings', { as_of: '2020-03-01' });
  const lifecycle = await post('scientist', '/v1/models/buys/lifecycles', { as_of: '2020-03-01' });
  assert.equal(training.statusCode, 202, training.body);
  assert.match(training.json().workflow_id, /^train\/buys\/habits\/[0-9a-f]{32}\/2020-03-01$/);
  assert.equal(lifecycle.json().workflow_id, training.json().workflow_id.replace(/^train/, 'lifecycle'));
  const { searchAttributes, memo } = await started(lifecycle.json().workflow_id);
  assert.deepEqual(searchAttributes['MillraceModel'], ['buys']);
  assert.equal(memo?.['requested_by'], 'scientist');
  const { items: entries } = (await running.ask('admin', { url: '/v1/audit?limit=1' })).json();
  assert.equal(entries[0].workflow_id, lifecycle.json().workflow_id);
});

test('a version that is not approved is not deployed, scored or backfilled', async () => {
  const { version } = await registry.registerVersion(await trainedVersion(running.deps.objects, PAIR));
  const asks = [
    ['versions/1/deploy', undefined],
    ['scores', { score_date: '2020-03-05', version }],
    ['backfills', { version, from: '2020-03-05', to: '2020-03-06' }],
  ] as const;
  for (const [what, payload] of asks) {
    const answer = await post('operator', `${pairPath}/${what}`, payload);
    assert.deepEqual([answer.statusCode, answer.json().code], [409, 'VERSION_NOT_APPROVED'], answer.body);
  }
  assert.equal((await post('operator', `${pairPath}/versions/99/deploy`)).json().code, 'VERSION_NOT_FOUND');
  const rollback = (payload: object) => post('operator', `${pairPath}/rollback`, payload);
  assert.equal((await rollback({})).json().code, 'REQUEST_INVALID');
  assert.equal((await rollback({ from_deployment: 1 })).json().code, 'DEPLOYMENT_MOVED');
  assert.equal(
    (await post('operator', `${pairPath}/scores`, { score_date: '2020-03-05' })).json().code,
    'NO_LIVE_VERSION',
  );
});

test('the same deployment asked for at once is one run; other versions and other terms are others', async () => {
  const { objects } = running.deps;
  const [one, two] = [
    await approvedVersion(registry, objects, PAIR),
    await approvedVersion(registry, objects, PAIR),
  ];
  const deploy = (version: number, terms: object = {}) =>
    post('operator', `${pairPath}/versions/${version}/deploy`, { beside: true, ...terms });
  const answers = await Promise.all([
    deploy(one),
    deploy(two),
    deploy(one),
    deploy(two, { schedule: '30 6 * * *' }),
  ]);
  for (const answer of answers) assert.equal(answer.statusCode, 202, answer.body);
  const ids = answers.map((answer) => answer.json().workflow_id);
  assert.equal(ids[0], ids[2]);
  assert.equal(new Set(ids).size, 3);
  const { schedule, go_live, requested_by } = await registry.deployment(
    PAIR,
    Number(ids[3].split('/').at(-1)),
  );
  assert.deepEqual([schedule, go_live, requested_by], ['30 6 * * *', { after: '1h' }, 'operator']);
});

test('a schedule that no scheduler could read is refused before anything runs', async () => {
  const version = await approvedVersion(registry, running.deps.objects, PAIR);
  const cases = [
    [{ schedule: 'every day' }, 'CONFIG_CRON_INVALID'],
    [{ schedule: '61 5 * * *' }, 'CONFIG_CRON_INVALID'],
    [{ schedule: '0 5 */2 * 1' }, 'CONFIG_CRON_INVALID'],
    [{ timezone: 'Mars/Olympus' }, 'CONFIG_TIMEZONE_UNKNOWN'],
    [{ timezone: 'PST' }, 'CONFIG_TIMEZONE_UNKNOWN', 'America/Los_Angeles'],
  ] as const;
  const deploy = (terms: object) => post('operator', `${pairPath}/versions/${version}/deploy`, terms);
  for (const [terms, code, suggestion] of cases) {
    const answer = await deploy(terms);
    assert.equal(answer.json().code, code, answer.body);
    assert.equal(answer.json().details.suggestion, suggestion);
  }
  const old = await deploy({ timezone: 'us/pacific', beside: true });
  const deployment = Number(old.json().workflow_id.split('/').at(-1));
  assert.equal((await registry.deployment(PAIR, deployment)).timezone, 'America/Los_Angeles');
});

test('a deployment that Temporal knows nothing of is named, and then stands in the way of no other', async () => {
  const pair = { ...PAIR, feature_set: 'orphans' };
  const version = await approvedVersion(registry, running.deps.objects, pair);
  await registry.schedule(deploymentOf(pair, 7, version, '2999-01-01T00:00:00.000Z'));
  const deploy = (payload?: object) =>
    post('operator', `/v1/pairs/buys/orphans/versions/${version}/deploy`, payload);
  const refused = await deploy();
  assert.deepEqual([refused.statusCode, refused.json().code], [409, 'DEPLOYMENT_ALREADY_SCHEDULED']);
  assert.equal(refused.json().details.scheduled[0].deployment, 7);
  const answer = await deploy({ beside: true });
  assert.equal(answer.statusCode, 202, answer.body);
  assert.equal(answer.json().workflow_id, workflowId.deploy(pair, 8));
});

test('a deployment of the live version says too that another one is scheduled to replace it', async () => {
  const pair = { ...PAIR, feature_set: 'kept' };
  const { objects } = running.deps;
  const [live, next] = [
    await approvedVersion(registry, objects, pair),
    await approvedVersion(registry, objects, pair),
  ];
  const now = '2026-01-02T00:00:00.000Z';
  await registry.schedule(deploymentOf(pair, 1, live, now));
  await registry.promote({ pair, deployment: 1, dueBy: now, commandId: 'promote' });
  const deploy = (payload: object) =>
    post('operator', `/v1/pairs/buys/kept/versions/${live}/deploy`, { scheduler: 'airflow', ...payload });
  assert.equal((await deploy({})).statusCode, 200);
  await registry.schedule(deploymentOf(pair, 2, next, '2999-01-01T00:00:00.000Z'));
  const refused = await deploy({});
  assert.deepEqual([refused.statusCode, refused.json().code], [409, 'DEPLOYMENT_ALREADY_SCHEDULED']);
  assert.equal(refused.json().details.scheduled[0].deployment, 2);
  const beside = await deploy({ beside: true });
  assert.deepEqual([beside.statusCode, beside.json().result.deployment], [200, 1]);
});

test('a deployment whose workflow is gone is cancelled in the registry, by whoever asked', async () => {
  const pair = { ...PAIR, feature_set: 'gone' };
  const { temporal, objects } = running.deps;
  const version = await approvedVersion(registry, objects, pair);
  const path = '/v1/pairs/buys/gone';
  const deploy = (go_live: object) =>
    post('operator', `${path}/versions/${version}/deploy`, { go_live, beside: true });
  for (const deployment of [1, 2]) {
    const run = await deploy({ after: `${deployment}h` });
    assert.equal(run.json().workflow_id, workflowId.deploy(pair, deployment), run.body);
    await temporal.workflow.getHandle(workflowId.deploy(pair, deployment)).terminate('lost');
  }
  const cancel = (payload: object) => post('operator', `${path}/deployments/1/cancel`, payload);
  assert.equal((await cancel({})).json().code, 'REQUEST_INVALID');
  const reason = 'wrong schedule';
  assert.equal((await post('scientist', `${path}/deployments/1/cancel`, { reason })).statusCode, 403);
  const done = await cancel({ reason });
  assert.deepEqual([done.statusCode, done.json().status], [200, 'cancelled'], done.body);
  assert.equal((await cancel({ reason })).json().code, 'DEPLOYMENT_NOT_SCHEDULED');
  const unknown = await post('operator', `${path}/deployments/9/cancel`, { reason });
  assert.deepEqual([unknown.statusCode, unknown.json().code], [404, 'DEPLOYMENT_NOT_FOUND']);
  const byWorkflow = () =>
    running.ask('admin', { method: 'POST', url: `/v1/workflows/deploy/buys/gone/2/cancel` });
  assert.equal((await byWorkflow()).statusCode, 202);
  assert.equal((await byWorkflow()).json().code, 'WORKFLOW_NOT_RUNNING');
  const { items } = await registry.dossier(pair);
  const cancellations = items.filter(({ kind }) => kind === 'deployment_cancelled');
  assert.deepEqual(
    cancellations.map(({ principal, facts }) => [principal, facts['reason']]),
    [
      ['operator', reason],
      ['admin', 'Cancelled through deploy/buys/gone/2.'],
    ],
  );
  assert.equal((await registry.stage(pair, version)).stage, 'approved');
});

test('scores and backfills follow the live version, and a rollback the one before', async () => {
  const pair = { ...PAIR, model: 'buys' };
  const { objects } = running.deps;
  const { base_digest: configs } = (await running.ask('viewer', { url: '/v1/configs' })).json();
  const [first, second] = [
    await approvedVersion(registry, objects, pair, { configs }),
    await approvedVersion(registry, objects, pair, { configs }),
  ];
  for (const [index, version] of [first, second].entries()) {
    const deployment = 900 + index;
    const now = `2026-01-0${index + 2}T00:00:00.000Z`;
    await registry.schedule(deploymentOf(pair, deployment, version, now));
    await registry.promote({ pair, deployment, dueBy: now, commandId: `promote-${deployment}` });
  }
  const score = await post('operator', `${pairPath}/scores`, { score_date: '2020-03-05' });
  assert.equal(score.json().workflow_id, `score/buys/habits/v${second}/2020-03-05/r1`, score.body);
  const older = await post('operator', `${pairPath}/scores`, { score_date: '2020-03-05', version: first });
  assert.equal(older.json().workflow_id, `score/buys/habits/v${first}/2020-03-05/r1`);
  const dates = { from: '2020-03-05', to: '2020-03-07' };
  const backfill = await post('operator', `${pairPath}/backfills`, dates);
  assert.equal(backfill.json().workflow_id, `backfill/buys/habits/v${second}/2020-03-05..2020-03-07`);
  const unserved = await post('operator', `${pairPath}/scores`, { score_date: '2019-12-31' });
  assert.equal(unserved.json().code, 'DATES_HOLD_NO_PARTITION');
  const far = { from: '9999-12-31', to: '9999-12-31' };
  for (const [url, payload] of [
    ['scores', { score_date: '9999-12-31' }],
    ['backfills', far],
  ] as const)
    assert.equal((await post('operator', `${pairPath}/${url}`, payload)).json().code, 'DATE_IN_FUTURE', url);
  const rollback = (payload: object, key: string) =>
    running.ask('operator', {
      method: 'POST',
      url: `${pairPath}/rollback`,
      payload,
      headers: { 'idempotency-key': key },
    });
  const done = await rollback({ from_deployment: 901, reason: 'declines too many' }, 'incident-1');
  assert.equal(done.statusCode, 200, done.body);
  assert.deepEqual([done.json().deployment, done.json().version], [902, first]);
  const repeat = { from_deployment: 901, reason: 'declines too many' };
  assert.deepEqual((await rollback(repeat, 'incident-1')).json(), done.json());
  const again = await rollback({ from_deployment: 901 }, 'incident-2');
  assert.deepEqual([again.statusCode, again.json().code], [409, 'DEPLOYMENT_MOVED'], again.body);
  assert.equal(again.json().details.live.deployment, 902);
  const other = await rollback({ from_deployment: 902, to_version: second }, 'incident-1');
  assert.equal(other.json().code, 'COMMAND_ID_REUSED');
  assert.equal((await registry.state(pair)).live?.version, first);
});

test('a withdrawn version is taken out, and is deployed, scored and rolled back to no more', async () => {
  const pair = { ...PAIR, feature_set: 'banned' };
  const { objects } = running.deps;
  const version = await approvedVersion(registry, objects, pair);
  const now = '2026-01-02T00:00:00.000Z';
  await registry.schedule(deploymentOf(pair, 1, version, now));
  await registry.promote({ pair, deployment: 1, dueBy: now, commandId: 'promote' });
  const path = `/v1/pairs/buys/banned/versions/${version}`;
  assert.equal((await post('operator', `${path}/withdraw`, {})).json().code, 'REQUEST_INVALID');
  assert.equal((await post('scientist', `${path}/withdraw`, { reason: 'no' })).statusCode, 403);
  const done = await post('operator', `${path}/withdraw`, { reason: 'wrong labels' });
  assert.deepEqual([done.statusCode, done.json().stage], [200, 'withdrawn'], done.body);
  const shown = (await running.ask('viewer', { url: path })).json();
  assert.deepEqual(
    [shown.stage, shown.withdrawal.principal, shown.withdrawal.reason],
    ['withdrawn', 'operator', 'wrong labels'],
  );
  assert.equal((await registry.state(pair)).live, null);
  const score = { score_date: '2020-03-05', version };
  for (const [url, payload] of [
    [`${path}/deploy`, {}],
    ['/v1/pairs/buys/banned/scores', score],
  ] as const)
    assert.equal((await post('operator', url, payload)).json().code, 'VERSION_WITHDRAWN', url);
  const found = await running.ask('viewer', { url: '/v1/search?stage=withdrawn' });
  assert.equal(found.json().items.length, 1);
});

test('archiving needs a reason, is done once per key, and calls the reconciler', async () => {
  const version = await approvedVersion(registry, running.deps.objects, PAIR);
  const archive = (payload: object, key: string) =>
    running.ask('operator', {
      method: 'POST',
      url: `${pairPath}/versions/${version}/archive`,
      payload,
      headers: { 'idempotency-key': key },
    });
  assert.equal((await archive({}, 'a')).statusCode, 400);
  const done = await archive({ reason: 'not wanted' }, 'b');
  assert.equal(done.json().stage, 'archived', done.body);
  assert.equal((await archive({ reason: 'not wanted' }, 'b')).statusCode, 200);
  assert.equal((await archive({ reason: 'not wanted' }, 'c')).json().code, 'STAGE_MOVE_NOT_ALLOWED');
  assert.equal((await started(workflowId.reconcile(PAIR))).status.name, 'RUNNING');
});

test('an approval tells the lifecycle that waits for it, and the reconciler', async () => {
  const { objects, temporal } = running.deps;
  const { version, training_digest, as_of } = await registry.registerVersion(
    await trainedVersion(objects, PAIR),
  );
  const { evidence } = (await running.ask('viewer', { url: `${pairPath}/versions/${version}` })).json();
  const id = workflowId.lifecycle({ ...PAIR, training_digest, as_of });
  await temporal.workflow.start('modelLifecycle', { workflowId: id, taskQueue: 'nobody', args: [] });
  const path = `${pairPath}/versions/${version}/approve`;
  const approve = (role: 'scientist' | 'approver') =>
    running.ask(role, { method: 'POST', url: path, payload: { reason: 'fits the policy', evidence } });
  assert.equal((await approve('scientist')).statusCode, 403);
  const approved = await approve('approver');
  assert.equal(approved.json().stage, 'approved', approved.body);
  const { events } = await temporal.workflow.getHandle(id).fetchHistory();
  const signals = events?.flatMap(
    (event) => event.workflowExecutionSignaledEventAttributes?.signalName ?? [],
  );
  assert.deepEqual(signals, ['versionChanged']);
  assert.equal((await approve('approver')).json().code, 'VERSION_ALREADY_JUDGED');
});

test('what one plans and applies over HTTP is listed with its author; a stale plan is refused', async () => {
  const files = FILES.map((file) => ({ ...file, text: file.text.replace('Money spent so far', 'Money') }));
  const plan = await post('scientist', '/v1/configs/plan', { files });
  const { plan_digest, documents } = plan.json();
  assert.deepEqual(
    documents.changed.map((one: { key: string }) => one.key),
    ['FeatureSet/habits'],
  );
  const others = files.map((file) => ({
    ...file,
    text: file.text.replace('test_share: 0.3', 'test_share: 0.2'),
  }));
  const late = (await post('scientist', '/v1/configs/plan', { files: others })).json();
  assert.equal((await post('scientist', '/v1/configs/apply', { files, plan_digest })).statusCode, 200);
  const apply = { files: others, plan_digest: late.plan_digest };
  const stale = await post('scientist', '/v1/configs/apply', apply);
  assert.deepEqual([stale.statusCode, stale.json().code], [409, 'PLAN_STALE']);
  assert.match(stale.json().detail, /scientist changed FeatureSet\/habits at .* \(revision 2\)/);
  const listed = (await running.ask('viewer', { url: '/v1/configs' })).json().items;
  const authors = listed.map((one: { name: string; author: string }) => [one.name, one.author]);
  assert.deepEqual(authors, [
    ['habits', 'scientist'],
    ['buys', 'ada'],
    ['visits', 'ada'],
  ]);
});

test('rules of approval and of jobs are changed by an admin alone', async () => {
  const files = [
    { path: 'platform.yaml', text: 'kind: Platform\napproval: { high: { author_may_approve: true } }\n' },
  ];
  const { plan_digest } = (await post('scientist', '/v1/configs/plan', { files })).json();
  const apply = (role: 'scientist' | 'admin') =>
    running.ask(role, { method: 'POST', url: '/v1/configs/apply', payload: { files, plan_digest } });
  const refused = await apply('scientist');
  assert.deepEqual([refused.statusCode, refused.json().code], [403, 'FORBIDDEN'], refused.body);
  assert.equal((await apply('admin')).statusCode, 200);
});

test('a lifecycle that is over names the deployment that first made its version live', async () => {
  const { objects, temporal } = running.deps;
  const ask = () => post('scientist', '/v1/models/buys/lifecycles', { as_of: '2020-04-01' });
  const { workflow_id } = (await ask()).json();
  const [, , , training_digest, as_of] = workflow_id.split('/');
  const trained = await trainedVersion(objects, PAIR, { key: { training_digest, as_of } });
  const { text, missing } = buildCard(cardInput());
  const card = { ...(await writeCard(objects, text)), missing };
  const { version: first } = await registry.registerVersion({ ...trained, card });
  await registry.judge(await approval(registry, PAIR, first));
  const second = await approvedVersion(registry, objects, PAIR);
  const lived = [];
  for (const version of [first, second, first]) lived.push(await goLive(version));
  await temporal.workflow.getHandle(workflow_id).terminate('its namespace was lost');
  const over = await ask();
  const [{ deployment, live_from } = assert.fail()] = lived;
  assert.deepEqual(
    [over.statusCode, over.json().status, over.json().result],
    [200, 'committed', { version: first, verdict: 'approve', deployment, live_from }],
    over.body,
  );
});

test('a partition in use whose inputs have changed says so, and --refresh builds its next revision', async () => {
  const { table, objects, environment } = running.deps;
  const partitions = createPartitionStore(table, objects);
  const put = (file: string, spent: number) =>
    putParquet(
      objects,
      `raw/visits/${file}.parquet`,
      `SELECT 'v' AS visitor, DATE '2020-05-10' AS day, ${spent}::DOUBLE AS spent, 1::INT AS bought, DATE '2020-05-11' AS known`,
    );
  await put('a', 1);
  const { configs: applied, base_digest } = await createConfigStore(table, objects).current();
  const set = featureSetNamed(applied, 'habits');
  const ref = {
    feature_set: 'habits',
    definition_digest: definitionDigest(set, applied),
    dt: '2020-06-01',
    revision: 1,
  };
  await withScratchFolder(tmpdir(), async (folder) => {
    const engine = createDuckDbEngine({ env: environment, objects, folder });
    const builtBy = { workflow_id: 'w', run_id: 'r' };
    const build = { ref, configs: applied, builtBy, attempt: 'test' };
    await partitions.commit(await materialisePartition({ engine, objects, partitions }, build));
  });
  const ask = async (url: string, payload: object) => (await post('scientist', url, payload)).json();
  const building = (refresh: boolean) => ask('/v1/feature-sets/habits/partitions', { dt: ref.dt, refresh });
  const fresh = await building(false);
  assert.deepEqual([fresh.status, fresh.note, fresh.inputs_changed], ['committed', undefined, undefined]);
  assert.equal((await building(true)).status, 'committed');

  await put('late', 2);
  const note =
    'The inputs of "habits" at 2020-06-01 have changed since revision 1 was built; --refresh builds revision 2.';
  const inputs_changed = [{ feature_set: 'habits', dt: '2020-06-01', revision: 1 }];
  const stale = await building(false);
  assert.deepEqual([stale.status, stale.note, stale.inputs_changed], ['committed', note, inputs_changed]);
  const training = await ask('/v1/models/buys/trainings', { as_of: '2020-07-01' });
  assert.deepEqual([training.note, training.inputs_changed], [note, inputs_changed]);
  const version = await approvedVersion(registry, objects, PAIR, { configs: base_digest });
  const score = (refresh: boolean) =>
    running.ask('operator', {
      method: 'POST',
      url: `${pairPath}/scores`,
      payload: { score_date: '2020-06-02', version, refresh },
    });
  assert.equal((await score(false)).json().note, note);

  const anew = await building(true);
  assert.deepEqual([anew.status, anew.note], ['running', undefined]);
  assert.match(anew.workflow_id, /\/2020-06-01\/r2$/);
  const trainedAnew = await ask('/v1/models/buys/trainings', { as_of: '2020-07-01', refresh: true });
  assert.notEqual(trainedAnew.workflow_id, training.workflow_id);
  assert.equal(trainedAnew.note, undefined);
});

async function goLive(version: number) {
  const { last_deployment, last_boundary } = await registry.state(PAIR);
  const deployment = last_deployment + 1;
  const dueBy = new Date().toISOString();
  await registry.schedule(deploymentOf(PAIR, deployment, version, last_boundary ?? dueBy));
  const commandId = randomUUID();
  const { live_from } = await registry.promote({ pair: PAIR, deployment, dueBy, commandId });
  assert.ok(live_from);
  return { deployment, live_from };
}

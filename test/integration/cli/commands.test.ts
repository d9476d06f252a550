import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Client } from '@temporalio/client';
import { sha256Hex } from '#configs/canonical.ts';
import { EXIT } from '#errors/exit-class.ts';
import { run } from '#cli/run.ts';
import type { Role } from '#access/principal.ts';
import { noteDeath } from '#local/deaths.ts';
import { createRegistry } from '#registry/registry.ts';
import { FILES, PAIR } from '#test/integration/api/fixtures/configs.ts';
import { runningApp, type RunningApp } from '#test/integration/api/running-app.ts';
import { TASK_QUEUES } from '#workflows/contract/ids.ts';
import { recordedTerminal } from '#test/support/recorded-terminal.ts';
import { approvedVersion, deploymentOf, trainedVersion } from '#test/support/registry.ts';

let running: RunningApp;
let url: string;
let folder: string;

before(async () => {
  running = await runningApp();
  url = await running.app.listen({ host: '127.0.0.1', port: 0 });
  folder = await mkdtemp(join(tmpdir(), 'millrace-cli-'));
  for (const { path, text } of FILES) {
    await mkdir(dirname(join(folder, 'shop', path)), { recursive: true });
    await writeFile(join(folder, 'shop', path), text);
  }
});
after(async () => {
  await rm(folder, { recursive: true, force: true });
  await running[Symbol.asyncDispose]();
});

const terminalOf = (role: Role) =>
  recordedTerminal(folder, {
    MILLRACE_API_URL: url,
    MILLRACE_API_KEY: running.keyOf[role],
    MILLRACE_HOME: 'home',
  });

async function call(role: Role, ...args: string[]) {
  const terminal = terminalOf(role);
  const exit = await run(args, terminal);
  return { exit, out: terminal.stdout(), err: terminal.stderr() };
}

async function json(role: Role, ...args: string[]) {
  const { exit, out, err } = await call(role, ...args, '--json');
  assert.equal(exit, EXIT.ok, err);
  return JSON.parse(out);
}

test('configs are planned, applied, and applied again without effect', async () => {
  const shop = join(folder, 'shop');
  const plan = await json('scientist', 'plan', shop);
  assert.deepEqual(plan.documents.created, ['FeatureSet/habits', 'Model/buys', 'Source/visits']);
  const applied = await call('scientist', 'apply', shop, '--plan', plan.plan_digest);
  assert.match(applied.out, /^applied revision 1 \([0-9a-f]{32}\): 3 new, 0 changed\n$/);
  const again = await call('scientist', 'apply', shop);
  assert.match(again.out, /^nothing to apply; revision 1 is current\n$/);
  await writeFile(
    join(shop, 'habits.sql'),
    'SELECT visitor, MAX(spent) AS spent FROM {{ sources.visits }} GROUP BY 1',
  );
  const other = await call('scientist', 'apply', shop, '--plan', plan.plan_digest);
  assert.equal(other.exit, EXIT.failed);
  assert.match(other.err, /^PLAN_FILES_CHANGED: /);
  const late = await json('scientist', 'plan', shop);
  const between = 'SELECT visitor, MIN(spent) AS spent FROM {{ sources.visits }} GROUP BY 1';
  const planned = await readFile(join(shop, 'habits.sql'), 'utf8');
  await writeFile(join(shop, 'habits.sql'), between);
  assert.equal((await call('scientist', 'apply', shop)).exit, 0);
  await writeFile(join(shop, 'habits.sql'), planned);
  const stale = await call('scientist', 'apply', shop, '--plan', late.plan_digest);
  assert.equal(stale.exit, EXIT.failed);
  assert.match(stale.err, /^PLAN_STALE: .*scientist changed FeatureSet\/habits at /);
});

test('documents are pruned by the plan that names them, and kept while another document reads them', async () => {
  const pruned = join(folder, 'pruned');
  await mkdir(pruned);
  await writeFile(join(pruned, 'nothing.yaml'), '# nothing\n');
  const used = await call('scientist', 'plan', pruned, '--remove', 'Source/visits');
  assert.match(used.err, /^CONFIG_IN_USE: Source\/visits cannot be removed: FeatureSet\/habits reads it/);
  const plan = await call('scientist', 'plan', pruned, '--prune');
  assert.match(plan.out, /0 new, 0 changed, 3 removed\n {2}- FeatureSet\/habits\n/);
  const [, digest = ''] = /--plan (\S+) --prune\n$/.exec(plan.err) ?? [];
  const applied = await call('scientist', 'apply', pruned, '--plan', digest, '--prune');
  assert.match(applied.out, /: 0 new, 0 changed, 3 removed\n$/, applied.err);
  const restored = await call('scientist', 'apply', join(folder, 'shop'));
  assert.match(restored.out, /: 3 new, 0 changed\n$/);
});

test('who may not is told the role, and what is not there is not found', async () => {
  const forbidden = await call('viewer', 'train', PAIR.model, '--as-of', '2020-03-01');
  assert.equal(forbidden.exit, EXIT.notAllowed);
  assert.match(forbidden.err, /FORBIDDEN: viewer lacks the role scientist/);
  for (const args of [
    ['train', 'nothing', '--as-of', '2020-03-01'],
    ['status', 'train/no/such/thing'],
    ['logs', 'train/no/such/thing'],
    ['versions', PAIR.model],
    ['keys', 'revoke', 'nobody'],
  ])
    assert.equal((await call('admin', ...args)).exit, EXIT.notFound, args.join(' '));
  assert.equal((await call('scientist', 'train', PAIR.model, '--as-of', '2999-01-01')).exit, EXIT.badInput);
});

test('a run that is waited for is followed to its failure', async () => {
  const args = ['materialise', PAIR.feature_set, '--dt', '2020-03-01'];
  const { runs } = await json('scientist', ...args, '--detach');
  const id: string = runs[0].workflow_id;
  const terminal = terminalOf('scientist');
  const waiting = run(args, terminal);
  // Ended before it is asked for again, the run would be started anew.
  while (terminal.stderr() === '') await new Promise((next) => setTimeout(next, 50));
  await running.deps.temporal.workflow.getHandle(id).terminate('enough');
  assert.equal(await waiting, EXIT.failed);
  assert.match(terminal.stderr(), /: waiting\n.*: terminated\nWORKFLOW_TERMINATED: /s);
  const shown = await call('viewer', 'status', id);
  assert.match(shown.out, /status +terminated/);
  await mkdir(join(folder, 'home'));
  noteDeath(join(folder, 'home'), 'worker');
  const all = await json('viewer', 'status');
  assert.deepEqual(
    all.restarts.map(({ name, deaths }: { name: string; deaths: number }) => [name, deaths]),
    [['worker', 1]],
  );
  assert.match((await call('viewer', 'status')).out, /local process +deaths .*\nworker +1 +\S+ +not yet/);
  assert.deepEqual(
    all.checks.map(({ name, ok }: { name: string; ok: boolean }) => [name, ok]),
    [
      ['temporal', true],
      ['table', true],
      ['bucket', true],
      // No worker runs here.
      ['sweep', false],
      ['workers', false],
    ],
  );
});

test('gives a failed run the exit code of a direct refusal for the same error', async () => {
  const { temporal } = running.deps;
  const refused = await call('scientist', 'materialise', PAIR.feature_set, '--dt', '2020-03-15');
  const code = /^[A-Z_]+/.exec(refused.err)?.[0] ?? '';
  const terminal = terminalOf('scientist');
  const waiting = run(['materialise', PAIR.feature_set, '--dt', '2020-04-01'], terminal);
  await failNextRun(temporal, code);
  assert.equal(await waiting, refused.exit);
  assert.equal(refused.exit, EXIT.badInput);
  assert.match(terminal.stderr(), new RegExp(`\n${code}: The run failed\\.\n`));
});

type Answer = Extract<
  Parameters<Client['workflowService']['respondWorkflowTaskCompleted']>[0],
  { commands?: unknown }
>;
type Command = NonNullable<Answer['commands']>[number];

/** Of `temporal.api.enums.v1.CommandType`. */
// oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- the package with the enum is not a dependency of ours
const FAIL_WORKFLOW_EXECUTION = 5 as NonNullable<Command['commandType']>;

/** Takes the next workflow task, as a worker would, and fails its run with an error. */
async function failNextRun(temporal: Client, type: string): Promise<void> {
  const { workflowService: service, options } = temporal;
  const { namespace } = options;
  const taskQueue = { name: TASK_QUEUES.lifecycle };
  const { taskToken } = await temporal.withDeadline(Date.now() + 30_000, () =>
    service.pollWorkflowTaskQueue({ namespace, taskQueue, identity: 'test' }),
  );
  const failure = { message: 'The run failed.', applicationFailureInfo: { type, nonRetryable: true } };
  const command = {
    commandType: FAIL_WORKFLOW_EXECUTION,
    failWorkflowExecutionCommandAttributes: { failure },
  };
  await service.respondWorkflowTaskCompleted({ namespace, taskToken, identity: 'test', commands: [command] });
}

test('a version is shown, approved with a reason, deployed and cancelled', async () => {
  const { table, objects } = running.deps;
  const registry = createRegistry(table, objects);
  const { version } = await registry.registerVersion(await trainedVersion(objects, PAIR));
  const asked = [PAIR.model, String(version)];
  assert.equal((await call('operator', 'deploy', ...asked, '--detach')).exit, EXIT.failed);
  assert.equal((await call('approver', 'approve', ...asked)).exit, EXIT.badInput);
  const approved = await call('approver', 'approve', ...asked, '--reason', 'fits the policy');
  assert.equal(approved.out, `version ${version} is approved\n`);
  const list = await call('viewer', 'versions', PAIR.model);
  assert.match(list.out, /^version +stage +since .*\n1 +approved +20/);
  const deployed = await json('operator', 'deploy', ...asked, '--go-live', '1h', '--detach');
  assert.equal(deployed.workflow_id, 'deploy/buys/habits/1');
  const again = await call('operator', 'deploy', ...asked, '--go-live', '2h', '--detach');
  assert.match(again.err, /DEPLOYMENT_ALREADY_SCHEDULED: Deployment 1 of version 1 /);
  const second = await json('operator', 'deploy', ...asked, '--go-live', '2h', '--replaces', '1', '--detach');
  assert.equal(second.workflow_id, 'deploy/buys/habits/2');
  assert.equal((await call('operator', 'cancel', second.workflow_id)).exit, EXIT.ok);
  const reason = ['--reason', 'wrong schedule'];
  const third = await json('operator', 'deploy', ...asked, '--go-live', '3h', '--detach');
  assert.equal(third.workflow_id, 'deploy/buys/habits/3');
  const cancelled = await call('operator', 'cancel-deployment', PAIR.model, '3', ...reason);
  assert.equal(cancelled.out, `deployment 3 of version ${version} is cancelled\n`);
  const other = await approvedVersion(registry, objects, PAIR);
  const archived = await call('operator', 'archive', PAIR.model, String(other), '--reason', 'not wanted');
  assert.equal(archived.out, `version ${other} is archived\n`);
  assert.equal((await call('operator', 'rollback', PAIR.model)).exit, EXIT.failed);
  const dossier = await json('viewer', 'dossier', 'show', PAIR.model);
  assert.deepEqual(
    dossier.entries.map((entry: { kind: string }) => entry.kind),
    [
      'version_registered',
      'version_approved',
      'deployment_scheduled',
      'deployment_cancelled',
      'deployment_scheduled',
      'deployment_cancelled',
      'deployment_scheduled',
      'deployment_cancelled',
      'version_registered',
      'version_approved',
      'version_archived',
    ],
  );
});

test('a rollback shows what it leaves, and a withdrawal is final', async () => {
  const { table, objects } = running.deps;
  const registry = createRegistry(table, objects);
  const dueBy = '2026-01-02T00:00:00.000Z';
  const versions = [
    await approvedVersion(registry, objects, PAIR),
    await approvedVersion(registry, objects, PAIR),
  ];
  for (const [index, version] of versions.entries()) {
    const deployment = 10 + index;
    await registry.schedule(deploymentOf(PAIR, deployment, version, dueBy));
    await registry.promote({ pair: PAIR, deployment, dueBy, commandId: `promote-${deployment}` });
  }
  const [first, second] = versions;
  const moved = await call('operator', 'rollback', PAIR.model, '--from', '10');
  assert.match(moved.err, /DEPLOYMENT_MOVED: Deployment 10 is not the live one; deployment 11 /);
  const back = await call('operator', 'rollback', PAIR.model, '--reason', 'declines too many');
  assert.match(back.err, new RegExp(`^leaving version ${second}, live since .* \\(deployment 11\\)\n`));
  assert.match(back.out, new RegExp(`^version ${first} is live since .* \\(deployment 12\\)`));
  const withdraw = [PAIR.model, String(first), '--reason', 'wrong labels'];
  assert.equal((await call('viewer', 'withdraw', ...withdraw)).exit, EXIT.notAllowed);
  assert.equal((await call('operator', 'withdraw', ...withdraw)).out, `version ${first} is withdrawn\n`);
  assert.match(
    (await call('viewer', 'versions', PAIR.model, String(first))).out,
    /withdrawn +by operator: wrong/,
  );
  assert.equal((await call('operator', 'rollback', PAIR.model)).exit, EXIT.failed);
});

test('versions are tagged, named by aliases, found, downloaded and deleted from the command line', async () => {
  const { table, objects } = running.deps;
  const registry = createRegistry(table, objects);
  const { version } = await registry.registerVersion(await trainedVersion(objects, PAIR));
  const asked = [PAIR.model, String(version)];
  const tags = await json('scientist', 'tags', ...asked, '--set', 'region=uk', '--set', 'note=a=b');
  assert.deepEqual(tags, { tags: { region: 'uk', note: 'a=b' } });
  assert.match((await call('scientist', 'tags', ...asked, '--remove', 'note')).out, /^tag .*\nregion +uk\n$/);
  assert.equal((await call('viewer', 'tags', ...asked, '--set', 'a=b')).exit, EXIT.notAllowed);
  const set = ['alias', 'set', PAIR.model, 'champion'];
  assert.equal((await call('scientist', ...set, '1')).out, 'champion is version 1\n');
  const stale = await call('scientist', ...set, String(version), '--from', '2');
  assert.match(stale.err, /^PRECONDITION_FAILED: The alias champion points to version 1, not to 2\./);
  assert.equal((await call('scientist', ...set, String(version), '--from', '1')).exit, EXIT.ok);
  const aliases = await json('viewer', 'alias', 'list', PAIR.model);
  assert.partialDeepStrictEqual(aliases, { aliases: [{ name: 'champion', version }] });
  const found = await json('viewer', 'search', '--tag', 'region=uk', '--metric', 'auc>=0.7');
  assert.partialDeepStrictEqual(found, { versions: [{ ...PAIR, version }] });
  assert.equal(found.versions.length, 1);
  const file = await json('viewer', 'download', ...asked, 'model.onnx', '--out', 'model.onnx');
  assert.equal(sha256Hex(await readFile(file.file)), file.sha256);
  assert.equal((await call('viewer', 'download', ...asked, 'no.onnx')).exit, EXIT.notFound);
  assert.equal((await call('scientist', 'alias', 'remove', PAIR.model, 'champion')).exit, EXIT.ok);
  const deleted = await call('scientist', 'delete', ...asked, '--reason', 'a mistake');
  assert.equal(deleted.out, `version ${version} is deleted\n`);
  assert.equal((await call('viewer', 'versions', ...asked)).exit, EXIT.notFound);
});

test('models, feature sets, partitions, scored dates, deployments and the pair are listed', async () => {
  assert.match((await call('viewer', 'models')).out, /^name +changed by +digest\nbuys +scientist/);
  assert.match((await call('viewer', 'feature-sets')).out, /\nhabits +scientist/);
  assert.deepEqual(await json('viewer', 'partitions', PAIR.feature_set), { partitions: [] });
  assert.deepEqual(await json('viewer', 'scores', PAIR.model), { scores: [] });
  assert.ok(Array.isArray((await json('viewer', 'deployments', PAIR.model)).deployments));
  assert.match((await call('viewer', 'pair', PAIR.model)).out, /^pair +buys\/habits\nlive +none\n/);
});

test('the audit trail is filtered from the command line, by admins alone', async () => {
  assert.equal((await call('scientist', 'audit')).exit, EXIT.notAllowed);
  const { entries } = await json('admin', 'audit', '--principal', 'viewer', '--code', 'FORBIDDEN');
  assert.ok(entries.length > 0);
  assert.ok(entries.every((one: { principal: string; code: string }) => one.principal === 'viewer'));
});

test('a key is made, shown alone on standard output, used, and revoked', async () => {
  const made = await call(
    'admin',
    'keys',
    'create',
    'ana',
    '--role',
    'scientist',
    'operator',
    '--team',
    'shop',
    'core',
  );
  assert.match(made.out, /^mk_[0-9a-f]{12}_[A-Za-z0-9_-]{43}\n$/);
  assert.match(made.err, /of ana \(scientist, operator; in core, shop\)/);
  const id = made.out.split('_')[1] ?? '';
  const variables = { MILLRACE_API_URL: url, MILLRACE_API_KEY: made.out.trim() };
  assert.equal(await run(['status'], recordedTerminal(folder, variables)), EXIT.ok);
  assert.equal((await call('admin', 'keys', 'revoke', id)).exit, EXIT.ok);
  assert.equal(await run(['status', 'any'], recordedTerminal(folder, variables)), EXIT.notAllowed);
});

test('a model from elsewhere is sent to the store and registered by a workflow', async () => {
  const onnx = join(folder, 'brought.onnx');
  await writeFile(onnx, 'a model');
  await writeFile(join(folder, 'notes.txt'), 'how it was validated');
  const args = ['register', PAIR.model, '--onnx', 'brought.onnx', '--as-of', '2020-03-01', '--detach'];
  const run = await json('scientist', ...args, '--attach', 'notes.txt', '--notes', 'Model 4.2');
  assert.match(run.workflow_id, /^import\/buys\/habits\/[0-9a-f]{32}\/2020-03-01$/);
  assert.equal(run.status, 'running');
  const again = await json('scientist', ...args, '--attach', 'notes.txt');
  assert.equal(again.run_id, run.run_id);
  const stored: string[] = [];
  for await (const { key } of running.deps.objects.list('uploads/')) stored.push(key.split('/').at(-1) ?? '');
  assert.deepEqual(stored.filter((name) => name !== 'upload.json').toSorted(), [
    'model.onnx',
    'model.onnx',
    'notes.txt',
    'notes.txt',
  ]);
  const missing = await call(
    'scientist',
    'register',
    PAIR.model,
    '--onnx',
    'nothing.onnx',
    '--as-of',
    '2020-03-01',
  );
  assert.match(missing.err, /^CLI_FILE_INVALID: /);
  assert.equal((await call('viewer', ...args)).exit, EXIT.notAllowed);
});

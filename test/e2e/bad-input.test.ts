import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { run } from '#cli/run.ts';
import { readEnvironment } from '#configs/environment.ts';
import type { ConfigFile } from '#configs/problem.ts';
import type { Run } from '#client/api-types.ts';
import { answer } from '#client/client.ts';
import { ApiFailure } from '#client/failure.ts';
import { readRun } from '#scripts/demo/runs.ts';
import {
  approve,
  build,
  pairOf,
  pathOf,
  score,
  startLife,
  startLives,
  TANK_TEAMS,
  until,
  untilAtRest,
  untilCompleted,
} from '#test/faults/lives.ts';
import { keysBelow, scanTable } from '#test/faults/stores-read.ts';
import { tankConfigs, TANKS } from '#test/faults/tanks.ts';
import { recordedTerminal } from '#test/support/recorded-terminal.ts';

const folder = await mkdtemp(join(tmpdir(), 'millrace-bad-'));
const lives = await startLives(100, { MILLRACE_PYTHON: await oddPython() });
const { stores, author, approver, platform } = lives;
const good = pairOf('leak_risk');
const files = [...(await oddConfigs())];

describe('bad input', () => {
  after(async () => {
    await lives[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  test('a wrong config is refused with every error at its place, and nothing is written', async () => {
    const wrong = files.map((file) =>
      file.path === 'leak_risk.yaml'
        ? {
            ...file,
            text: file.text.replace('tank_state', 'tank_stat').replace('seed: 3', 'seeed: 3\nsplits: 1'),
          }
        : file,
    );
    const { plan_digest } = await answer(author.POST('/v1/configs/plan', { body: { files } }));
    await unchanged('', async () => {
      for (const step of ['plan', 'apply'] as const) {
        const { errors } = await refused('CONFIG_INVALID', async () =>
          step === 'plan'
            ? answer(author.POST('/v1/configs/plan', { body: { files: wrong } }))
            : answer(author.POST('/v1/configs/apply', { body: { files: wrong, plan_digest } })),
        );
        assert.deepEqual(
          errors.map(({ code, file, line, suggestion }) => ({ code, file, line, suggestion })),
          [
            { code: 'CONFIG_UNKNOWN_NAME', file: 'leak_risk.yaml', line: 6, suggestion: 'tank_state' },
            { code: 'CONFIG_UNKNOWN_KEY', file: 'leak_risk.yaml', line: 10, suggestion: 'seed' },
            { code: 'CONFIG_UNKNOWN_KEY', file: 'leak_risk.yaml', line: 11, suggestion: 'split' },
          ],
        );
      }
      for (const { path, text } of wrong) await writeFile(join(folder, path), text);
      for (const command of ['validate', 'plan', 'apply']) {
        const { exit, err } = await cli(command, folder);
        assert.equal(exit, 2, err);
        for (const place of ['leak_risk.yaml:6:', 'leak_risk.yaml:10:', 'leak_risk.yaml:11:'])
          assert.ok(err.includes(place), `${command} names ${place} in\n${err}`);
      }
    });
  });

  test('a plan made before somebody else applied is stale, and one of other files is refused', async () => {
    const late = files.map((file) => ({ ...file, text: file.text.replace('seed: 3', 'seed: 4') }));
    const plan = async (planned: typeof files) =>
      (await answer(author.POST('/v1/configs/plan', { body: { files: planned } }))).plan_digest;
    const [first, second] = [await plan(files), await plan(late)];
    await answer(author.POST('/v1/configs/apply', { body: { files, plan_digest: first } }));
    await unchanged('', async () => {
      await refused('PLAN_STALE', () =>
        answer(author.POST('/v1/configs/apply', { body: { files: late, plan_digest: second } })),
      );
      await refused('PLAN_FILES_CHANGED', () =>
        answer(author.POST('/v1/configs/apply', { body: { files: late, plan_digest: first } })),
      );
    });
  });

  test('unknown names are refused by the API, and by the command line with exit code 4', async () => {
    await unchanged('', async () => {
      await refused('CONFIG_NOT_FOUND', () => startLife(author, pairOf('nobody')));
      await refused('FEATURE_SET_UNKNOWN', () => build(author, TANKS.scoreDate, 'nothing'));
      await refused('PAIR_NOT_FOUND', () =>
        answer(author.GET('/v1/pairs/{model}/{set}/dossier', { params: { path: pathOf(pairOf('nobody')) } })),
      );
      const { exit, err } = await cli('train', 'nobody', '--as-of', TANKS.asOf);
      assert.equal(exit, 4, err);
      assert.match(err, /CONFIG_NOT_FOUND/);
    });
  });

  test('a source that lacks a column it declares builds no partition', () =>
    unchanged('features/', () =>
      fails('SOURCE_COLUMN_MISSING', () => build(author, TANKS.scoreDate, 'tank_gauge')),
    ));

  test('a partition without a row is not committed', () =>
    unchanged('features/', () => fails('PARTITION_EMPTY', () => build(author, '2026-02-10', 'tank_early'))));

  for (const [model, code] of [
    ['leak_params', 'ESTIMATOR_PARAMS_INVALID'],
    ['leak_silent', 'JOB_OUTPUT_INVALID'],
    ['leak_rubbish', 'JOB_OUTPUT_INVALID'],
    ['leak_claims', 'JOB_OUTPUT_INVALID'],
    ['leak_exits', 'JOB_CRASHED'],
    ['leak_killed', 'JOB_CRASHED'],
  ] as const) {
    test(`${model.replace('leak_', 'a job of the kind "')}" makes no version and no training`, async () => {
      await unchanged('', () => fails(code, () => startLife(author, pairOf(model))));
      const manifests = (await keysBelow(stores.objects, `models/model=${model}/`)).filter((key) =>
        key.endsWith('/manifest.json'),
      );
      assert.deepEqual(manifests, []);
    });
  }

  test('artifacts changed after their training are not registered', async () => {
    const training = await answer(
      author.POST('/v1/models/{model}/trainings', {
        params: { path: { model: good.model } },
        body: { as_of: TANKS.asOf },
      }),
    );
    await untilCompleted(author, training);
    const restore = await flipByte('model.onnx');
    await unchanged('', () => fails('ARTIFACT_DIGEST_MISMATCH', () => startLife(author, good)));
    await restore();
  });

  test('the same training is registered once its artifacts are whole', async () => {
    const life = await startLife(author, good);
    const first = { params: { path: { ...pathOf(good), version: 1 } } };
    await until(
      'version 1 is there',
      () => answer(author.GET('/v1/pairs/{model}/{set}/versions/{version}', first)),
      ({ stage }) => stage === 'registered',
    );
    await untilAtRest(stores, good);
    await unchanged('', async () => {
      await refused('VERSION_NOT_APPROVED', () =>
        answer(author.POST('/v1/pairs/{model}/{set}/versions/{version}/deploy', { ...first, body: {} })),
      );
      await refused('NO_LIVE_VERSION', () => score(author, good));
      const mia = await platform.as('mia', ['approver'], TANK_TEAMS);
      await refused('APPROVER_IS_AUTHOR', () => approve(mia, good, 1));
      await refused('APPROVER_ROLE_MISSING', () => approve(author, good, 1));
      const { exit, err } = await cli('deploy', good.model, '1');
      assert.notEqual(exit, 0);
      assert.match(err, /VERSION_NOT_APPROVED/);
    });
    await approve(approver, good, 1);
    await untilCompleted(author, life);
    await untilAtRest(stores, good);
    await unchanged('', async () => {
      await refused('VERSION_ALREADY_JUDGED', () => approve(approver, good, 1));
      const { exit, err } = await cli('approve', good.model, '1', '--reason', 'Once more.');
      assert.equal(exit, 1, err);
      assert.match(err, /VERSION_ALREADY_JUDGED/);
    });
  });

  test('a tampered model scores nobody, and the whole one does', async () => {
    const restore = await flipByte('model.onnx');
    await unchanged('scores/', () => fails('SCORE_FILE_DIGEST_MISMATCH', () => score(author, good)));
    await restore();
    const { rows } = (await untilCompleted(author, await score(author, good))) as { rows: number };
    assert.equal(rows, TANKS.rows);
  });
});

interface Place {
  readonly code: string;
  readonly file: string;
  readonly line: number;
  readonly suggestion?: string;
}

/** The answer to a request that must be refused with this code and say what to do. */
async function refused(
  code: string,
  ask: () => Promise<unknown>,
): Promise<{ readonly errors: readonly Place[] }> {
  const problem = await ask().then(
    () => assert.fail(`${code} was expected, and the request went well`),
    (error: unknown) => {
      assert.ok(error instanceof ApiFailure, String(error));
      return error;
    },
  );
  assert.equal(problem.code, code, problem.message);
  assert.ok((problem.remedy ?? '').length > 10, 'it says what to do');
  return { errors: problem.errors as readonly Place[] };
}

/** The run must fail with this code and say what to do. */
async function fails(code: string, start: () => Promise<Run>): Promise<void> {
  const { workflow_id: id } = await start();
  const ended = await until(
    `${id} has ended`,
    () => readRun(author, id),
    ({ status }) => status !== 'running',
  );
  assert.equal(ended.status, 'failed');
  assert.equal(ended.failure?.code, code, ended.failure?.message);
  assert.ok(ended.failure.remedy.length > 10, 'it says what to do');
}

/** What the registry, configs and listings hold, and the objects below the prefix, are the same afterwards. */
async function unchanged(prefix: string, work: () => Promise<unknown>): Promise<void> {
  const before = await kept(prefix);
  await work();
  assert.deepEqual(await kept(prefix), before);
}

/** A working file of one run of scoring, which holds no scores and is swept if the run fails. */
const PLAN_OF_RUN = /\/run=[0-9a-f-]{36}\/plan\.json$/;

/** Partitions, scores and their listings are looked at below a prefix; without one, the registry and the configs alone. */
async function kept(prefix: string): Promise<unknown> {
  const all = await scanTable(stores.table);
  const items = all.filter(({ pk }) => /^(pair#|configs)/.test(pk) || (prefix !== '' && pk.startsWith('$')));
  const objects = prefix === '' ? [] : await keysBelow(stores.objects, prefix);
  return { items, objects: objects.filter((key) => !PLAN_OF_RUN.test(key)) };
}

/** Changes one byte of the good version's file in the store; the result puts it back. */
async function flipByte(name: string): Promise<() => Promise<unknown>> {
  const keys = await keysBelow(stores.objects, `models/model=${good.model}/`);
  const key = keys.find((one) => one.endsWith(`/${name}`)) ?? '';
  const whole = await stores.objects.get(key);
  const flipped = Buffer.from(whole);
  flipped.writeUInt8(flipped.readUInt8(100) ^ 1, 100);
  await stores.objects.put(key, flipped);
  return () => stores.objects.put(key, whole);
}

async function cli(...args: string[]): Promise<{ readonly exit: number; readonly err: string }> {
  const terminal = recordedTerminal(folder, { MILLRACE_HOME: platform.home.home });
  return { exit: await run(args, terminal), err: terminal.stderr() };
}

/** A program in Python's place: the job backend starts it with the arguments that are for the trainer. */
async function oddPython(): Promise<string> {
  const path = join(folder, 'python');
  const trainer = join(import.meta.dirname, 'fixtures/odd_trainer.py');
  const { MILLRACE_PYTHON } = readEnvironment();
  await writeFile(path, `#!/bin/sh\nexec '${MILLRACE_PYTHON}' '${trainer}' "$@"\n`);
  await chmod(path, 0o755);
  return path;
}

async function oddConfigs(): Promise<readonly ConfigFile[]> {
  const odd = ['leak_silent', 'leak_rubbish', 'leak_claims', 'leak_exits', 'leak_killed', 'leak_params'];
  const all = await tankConfigs([good.model, ...odd]);
  const text = (path: string): string => all.find((file) => file.path === path)?.text ?? '';
  const set = text('tank_state.yaml');
  const gauges = text('sources.yaml').split('\n---\n')[1] ?? '';
  return [
    ...all.map((file) =>
      file.path === 'leak_params.yaml' ? { ...file, text: file.text.replace('{ C: 1 }', '{ C: -1 }') } : file,
    ),
    {
      path: 'gauges.yaml',
      text: gauges.replace('name: levels', 'name: gauges').replaceAll('pressure_bar', 'psi'),
    },
    {
      path: 'tank_gauge.yaml',
      text: set
        .replace('tank_state\n', 'tank_gauge\n')
        .replace('levels]', 'gauges]')
        .replace('tank_state.sql', 'tank_gauge.sql'),
    },
    {
      path: 'tank_gauge.sql',
      text: text('tank_state.sql').replace('sources.levels', 'sources.gauges').replace('pressure_bar', 'psi'),
    },
    {
      path: 'tank_early.yaml',
      text: set.replace('tank_state\n', 'tank_early\n').replace('2026-03-02', '2026-02-10'),
    },
  ];
}

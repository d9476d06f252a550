import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeAirflowHome, type AirflowHome, type Ended } from './airflow/airflow-home.ts';
import { eventually, startChecks } from './airflow/checks.ts';
import { installAirflow } from './airflow/install.ts';
import { bringPairLive } from './airflow/live-pair.ts';
import { answer } from '#client/client.ts';
import { onStop } from '#local/on-stop.ts';
import { HOMES, lockHome } from '#local/homes.ts';
import { forgetHome, startServers } from '#local/servers.ts';
import { readJUnit } from './test/run-python.ts';

/**
 * `npm run test:airflow`: installs an Airflow of its own, checks the loader, and proves with the real platform that a
 * DAG parses, scores a day through the API, and fails when the API rejects the request. Ends with `N passed, N failed`.
 */
const say = (line: string) => console.log(`        ${line}`);
const stopped = new AbortController();
onStop((signal) => stopped.abort(signal));
const home = HOMES.airflow;
const checks = startChecks(stopped.signal);

const lock = await lockHome(home.path);
try {
  await installAirflow(say);
  await using airflow = await makeAirflowHome(stopped.signal);
  await checkLoader(airflow);
  await checkRuns(airflow);
} catch (error) {
  checks.failed += 1;
  console.log(error instanceof Error ? (error.stack ?? error.message) : String(error));
} finally {
  await forgetHome(home.path);
  lock.release();
}
console.log(`${checks.passed} passed, ${checks.failed} failed`);
process.exitCode = checks.failed === 0 ? 0 : 1;

async function checkLoader(airflow: AirflowHome): Promise<void> {
  await checks.check('the loader is formatted', async () => {
    well(await airflow.run('ruff', ['format', '--check', '.']));
  });
  await checks.check('the loader is free of lint', async () => {
    well(await airflow.run('ruff', ['check', '--no-cache', '.']));
  });
  await checks.check('the loader is typed', async () => {
    const cache = join(airflow.folder, 'mypy');
    well(await airflow.run('mypy', ['--cache-dir', cache, 'loader/millrace_dags.py', 'test/test_loader.py']));
  });
  const report = join(airflow.folder, 'pytest.xml');
  const args = ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', '--color=no', `--junitxml=${report}`, 'test'];
  const { output } = await airflow.run('python', args);
  const counts = readJUnit(await readFile(report, 'utf8'));
  checks.passed += counts?.passed ?? 0;
  checks.failed += counts?.failed ?? 1;
  console.log(output.trimEnd());
}

async function checkRuns(airflow: AirflowHome): Promise<void> {
  well(await airflow.run('airflow', ['db', 'migrate']));
  const servers = await startServers(home.path, { portOffset: home.portOffset, throwaway: true, say });
  const pair = await bringPairLive(servers, say);
  const day = pair.example.to;
  const env = {
    MILLRACE_DAG_SPECS: pair.platform.api,
    MILLRACE_API_URL: pair.platform.api,
    MILLRACE_API_KEY: pair.airflowKey,
  };
  const spec = await eventually('a DAG spec for Airflow', async () => {
    const found = await answer(
      pair.client.GET('/v1/pairs/{model}/{set}/dag-spec', { params: { path: pair.names } }),
    );
    return found.enabled ? found : undefined;
  });
  const dagTest = (conf: object) =>
    airflow.run('airflow', ['dags', 'test', spec.dag_id, '--conf', JSON.stringify(conf)], env);
  const scores = () =>
    answer(pair.client.GET('/v1/pairs/{model}/{set}/scores', { params: { path: pair.names } }));

  await checks.check('a spec of the platform, read from the API, parses without import errors', () =>
    assertParses(airflow, env, [spec.dag_id]),
  );
  await checks.check('a run of the DAG scores its day through the API and waits for it', async () => {
    well(await dagTest({ score_date: day }));
    const [committed, ...more] = (await scores()).items;
    assert.deepEqual([committed?.revision, more.length], [1, 0]);
    assert.ok((committed?.rows ?? 0) > 0);
  });
  await checks.check('a second run of the same day finds the scores and starts nothing', async () => {
    well(await dagTest({ score_date: day }));
    assert.equal((await scores()).items.length, 1);
  });
  await checks.check('a day that the API refuses fails the run, with the code of the catalogue', async () => {
    const { code, output } = await dagTest({ score_date: '1999-01-01' });
    assert.notEqual(code, 0);
    assert.match(output, /DATES_HOLD_NO_PARTITION/);
  });
  await checks.check(
    'from a folder, a broken spec becomes a DAG of its own and leaves the others alone',
    async () => {
      const folder = join(airflow.folder, 'specs');
      await mkdir(folder);
      await writeFile(join(folder, `${spec.dag_id}.json`), JSON.stringify(spec));
      await writeFile(join(folder, 'millrace-cut-off.json'), JSON.stringify(spec).slice(0, 50));
      await assertParses(airflow, { ...env, MILLRACE_DAG_SPECS: folder }, ['millrace-cut-off', spec.dag_id]);
    },
  );
}

/** Parses the DAG folder into Airflow's database. */
async function assertParses(
  airflow: AirflowHome,
  env: Readonly<Record<string, string>>,
  dagIds: readonly string[],
): Promise<void> {
  well(await airflow.run('airflow', ['dags', 'reserialize'], env));
  const errors = await airflow.run('airflow', ['dags', 'list-import-errors'], env);
  assert.match(well(errors), /No data found/);
  const listed = well(
    await airflow.run('airflow', ['dags', 'list', '--output', 'plain', '--columns', 'dag_id'], env),
  );
  const found = listed.split('\n').filter((line) => line.startsWith('millrace-'));
  assert.deepEqual(found.map((line) => line.trim()).sort(), [...dagIds].sort());
}

/** The output of a successful program; throws the end of it otherwise. */
function well({ code, output }: Ended): string {
  if (code !== 0) throw new Error(`exit code ${code}\n${output.split('\n').slice(-40).join('\n')}`);
  return output;
}

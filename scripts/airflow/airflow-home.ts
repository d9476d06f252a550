import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '#local/tools.ts';
import { AIRFLOW_BIN } from './install.ts';

export interface Ended {
  readonly code: number;
  readonly output: string;
}

/** An Airflow with an empty database and our loader in its DAG folder. None of its processes listens on a port. */
export interface AirflowHome extends AsyncDisposable {
  /** A program of the environment: `airflow`, `python`, `ruff`, `mypy`. */
  run(program: string, args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended>;
  readonly folder: string;
}

export async function makeAirflowHome(signal: AbortSignal): Promise<AirflowHome> {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-airflow-'));
  const dags = join(folder, 'dags');
  await mkdir(dags);
  await copyFile(join(ROOT, 'airflow/loader/millrace_dags.py'), join(dags, 'millrace_dags.py'));
  const own = Object.entries(process.env).filter(([name]) => !/^_?(MILLRACE|AWS|AIRFLOW)_/.test(name));
  const base = {
    ...Object.fromEntries(own),
    AIRFLOW_HOME: folder,
    AIRFLOW__CORE__DAGS_FOLDER: dags,
    AIRFLOW__CORE__LOAD_EXAMPLES: 'False',
    AIRFLOW__API__HOST: '127.0.0.1',
    AIRFLOW__USAGE_DATA_COLLECTION__ENABLED: 'False',
    MILLRACE_POLL_SECONDS: '1',
    PYTHONDONTWRITEBYTECODE: '1',
    NO_PROXY: '127.0.0.1,localhost',
  };
  return {
    folder,
    run: (program, args, env = {}) =>
      new Promise((done) => {
        const options = { cwd: join(ROOT, 'airflow'), env: { ...base, ...env }, maxBuffer: 2 ** 26, signal };
        execFile(join(AIRFLOW_BIN, program), args, options, (error, stdout, stderr) => {
          const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
          done({ code, output: `${stdout}${stderr}` });
        });
      }),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

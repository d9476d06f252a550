import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { isPortFree } from '#local/ports.ts';
import { endProcess, startProcess } from '#local/processes.ts';
import type { Servers } from '#local/servers.ts';
import { ROOT, tools, TOOLS } from '#local/tools.ts';
import type { Answer, Ask } from './http.ts';

const FOLDER = join(TOOLS, 'mlflow');
const FIRST_PORT = 8790;

/** MLflow's REST API; `call` names the last part of the path. */
export interface Mlflow {
  readonly url: string;
  readonly version: string;
  stop(): Promise<void>;
}

/** MLflow on SQLite, on loopback, with one home of its own. Installed on first use. */
export async function startMlflow(servers: Servers, say: (line: string) => void): Promise<Mlflow> {
  const bin = join(FOLDER, 'bin');
  if (!existsSync(join(bin, 'mlflow'))) {
    say('installing MLflow');
    run('venv', '--quiet', '--python', tools.python, FOLDER);
    const lock = join(ROOT, 'bench/registry/mlflow.txt');
    run('pip', 'sync', '--quiet', '--require-hashes', '--python', join(bin, 'python'), lock);
  }
  const home = join(servers.home, 'mlflow');
  mkdirSync(home, { recursive: true });
  let port = FIRST_PORT;
  while (!(await isPortFree(port))) port += 1;
  const url = `http://127.0.0.1:${port}`;
  await startProcess(servers.home, {
    name: 'mlflow',
    command: [
      join(bin, 'mlflow'),
      'server',
      '--host=127.0.0.1',
      `--port=${port}`,
      `--backend-store-uri=sqlite:///${join(home, 'mlflow.db')}`,
      `--artifacts-destination=${join(home, 'artifacts')}`,
    ],
    env: { MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false', MLFLOW_DISABLE_TELEMETRY: 'true' },
    cwd: home,
    readyWithinMs: 180_000,
    ready: async () => {
      try {
        return (await fetch(`${url}/health`)).ok;
      } catch {
        return false;
      }
    },
  });
  const version = await (await fetch(`${url}/version`)).text();
  return { url, version, stop: () => endProcess(servers.home, 'mlflow') };
}

function run(...args: string[]): void {
  execFileSync(tools.uv, args, { stdio: ['ignore', 'inherit', 'inherit'] });
}

/** The requests of the bench, as MLflow's REST API takes them. */
export function mlflowCalls(url: string, ask: (asked: Ask) => Promise<Answer>) {
  const api = `${url}/api/2.0/mlflow`;
  return {
    createModel: (name: string) =>
      ask({ method: 'POST', url: `${api}/registered-models/create`, body: { name } }),
    createVersion: (name: string) =>
      ask({
        method: 'POST',
        url: `${api}/model-versions/create`,
        body: { name, source: `s3://bench/models/${name}` },
      }),
    setAlias: (name: string, alias: string, version: number) =>
      ask({
        method: 'POST',
        url: `${api}/registered-models/alias`,
        body: { name, alias, version: String(version) },
      }),
    getByAlias: (name: string, alias: string) =>
      ask({ method: 'GET', url: `${api}/registered-models/alias?name=${name}&alias=${alias}` }),
    search: (name: string) => {
      const filter = encodeURIComponent(`name='${name}'`);
      return ask({ method: 'GET', url: `${api}/model-versions/search?filter=${filter}&max_results=50` });
    },
  };
}

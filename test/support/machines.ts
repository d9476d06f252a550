/** Worker processes for jobs that stand for machines: each has a home of its own, and so is a host of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '#configs/environment.ts';
import { isAbsence } from '#platform/local-files.ts';
import { keysWithoutOutcome, jobFolder } from '#platform/jobs/process/job-folder.ts';
import { localHost } from '#platform/jobs/process/local-host.ts';
import { listProcesses } from '#platform/jobs/process/process-table.ts';
import { ROOT } from '#local/tools.ts';

export interface Machine extends AsyncDisposable {
  readonly host: string;
  /** Starts its worker, and waits until it polls. */
  start(): Promise<void>;
  /** Kills the worker; its jobs go on. */
  killWorker(): Promise<void>;
  /** Kills the worker, its supervisors and its jobs. */
  powerOff(): Promise<void>;
  /** Stops all of its processes where they are, as a laptop that is closed. */
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  /** Keys of its jobs that have not ended. */
  runningJobs(): Promise<readonly string[]>;
}

/** A machine that is not started yet. It ends with everything that runs on it. */
export async function newMachine(env: Environment, more: Partial<Environment> = {}): Promise<Machine> {
  const home = mkdtempSync(join(tmpdir(), 'millrace-machine-'));
  const jobs = join(home, 'jobs');
  let worker: ChildProcess | undefined;

  async function pids(): Promise<number[]> {
    const marks = (await keysWithoutOutcome(jobs)).flatMap((key) => {
      const { claim, job } = jobFolder(jobs, key);
      return [pidIn(claim), pidIn(job)].filter((pid) => pid !== undefined);
    });
    const groups = new Set(marks);
    const all = (await listProcesses()).filter(({ pid, group }) => groups.has(pid) || groups.has(group));
    return [...(worker?.pid === undefined ? [] : [worker.pid]), ...all.map(({ pid }) => pid)];
  }

  async function signal(name: NodeJS.Signals, to?: readonly number[]): Promise<void> {
    for (const pid of to ?? (await pids())) {
      try {
        process.kill(pid, name);
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
      }
    }
  }

  async function killWorker(): Promise<void> {
    const gone = worker?.exitCode === null && worker.signalCode === null ? once(worker, 'exit') : undefined;
    if (worker?.pid !== undefined) await signal('SIGKILL', [worker.pid]);
    await gone;
    worker = undefined;
  }

  return {
    host: await localHost(jobs),
    async start() {
      worker = spawn(process.execPath, [join(ROOT, 'workers/main.ts'), 'jobs'], {
        cwd: ROOT,
        stdio: ['ignore', 'pipe', 'inherit'],
        env: Object.fromEntries(
          Object.entries({
            ...process.env,
            ...env,
            MILLRACE_JOBS_AT_ONCE: 20,
            MILLRACE_LOG_LEVEL: 'info',
            ...more,
            MILLRACE_HOME: home,
          })
            .filter(([, value]) => value !== undefined)
            .map(([name, value]) => [name, String(value)]),
        ),
      });
      await saysReady(worker);
    },
    killWorker,
    async powerOff() {
      await signal('SIGKILL');
      await killWorker();
    },
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
    runningJobs: () => keysWithoutOutcome(jobs),
    async [Symbol.asyncDispose]() {
      await signal('SIGKILL');
      await killWorker();
      rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function saysReady(worker: ChildProcess): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  worker.once('exit', (code) => reject(new Error(`The worker ended with ${code}.`)));
  worker.stdout?.setEncoding('utf8').on('data', (text: string) => {
    if (text.includes('"ready":true')) resolve();
  });
  await promise;
}

function pidIn(path: string): number | undefined {
  try {
    return (JSON.parse(readFileSync(path, 'utf8')) as { readonly pid: number }).pid;
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
}

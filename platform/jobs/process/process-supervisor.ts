/**
 * Supervises one local job from start to end, so that the job outlives the worker that requested it. Run as `node
 * process-supervisor.ts <root> <key>` with instructions on standard input. If several are started for one key, only one
 * acts.
 */
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JobFailure, JobState } from '../job-backend.ts';
import { outcomeOfExit } from '../job-exit.ts';
import { beginJob, notBegun, type Ending } from './begin-job.ts';
import { jobFolder, type JobFolder, type SupervisedJob } from './job-folder.ts';
import { lastWords } from './job-log.ts';
import { endProcesses, memoryOf, type JobProcesses } from './job-processes.ts';
import { isDiskFull, writeFileOnce } from '#platform/local-files.ts';
import { findProcess } from './process-table.ts';

const SHORTEST_LOOK_MS = 100;
const LONGEST_LOOK_MS = 1000;
/** The share of one core that memory checks may use, however many processes the machine has. */
const LOOK_SHARE = 1 / 25;
const FULL_DISK_MS = 1000;

interface Stop {
  readonly failure: JobFailure;
  readonly message: string;
}

const CANCELLED: Stop = { failure: 'cancelled', message: 'The job was cancelled.' };

/** Watches the job until it ends by itself, or ends it and says why. */
async function watch(
  folder: JobFolder,
  job: SupervisedJob,
  processes: JobProcesses,
  ending: Promise<Ending>,
): Promise<{ ending: Ending; stop?: Stop; peakBytes: number }> {
  const { timeoutSeconds } = job.spec;
  const { memoryMiB } = job.spec.resources;
  const limit = memoryMiB * 1024 * 1024;
  const deadline = performance.now() + timeoutSeconds * 1000;
  let peakBytes = 0;

  const reasonToStop = async (): Promise<Stop | undefined> => {
    if (existsSync(folder.cancel)) return CANCELLED;
    if (told !== undefined)
      return { failure: 'preempted', message: `The machine stopped the job (${told}).` };
    const bytes = await memoryOf(processes, limit);
    peakBytes = Math.max(peakBytes, bytes);
    if (bytes > limit) {
      return {
        failure: 'out_of_memory',
        message: `The job used ${Math.ceil(bytes / 1024 / 1024)} MiB of memory; the limit is ${memoryMiB} MiB.`,
      };
    }
    if (performance.now() < deadline) return undefined;
    return { failure: 'timeout', message: `The job ran longer than its time limit of ${timeoutSeconds} s.` };
  };

  for (let pause = SHORTEST_LOOK_MS; ;) {
    const ended = await Promise.race([ending, sleep(pause, undefined, { ref: false })]);
    if (ended !== undefined) return { ending: ended, peakBytes };
    const before = process.cpuUsage();
    const stop = await reasonToStop();
    if (stop !== undefined) {
      await endProcesses(processes, stop.failure === 'out_of_memory' ? 0 : job.graceMs);
      return { ending: await ending, stop, peakBytes };
    }
    const cost = process.cpuUsage(before);
    pause = Math.min(
      Math.max((cost.user + cost.system) / 1000 / LOOK_SHARE, SHORTEST_LOOK_MS),
      LONGEST_LOOK_MS,
    );
  }
}

async function outcomeOf(folder: JobFolder, { code, signal, startError }: Ending): Promise<JobState> {
  if (startError !== undefined) {
    return { phase: 'failed', failure: 'crash', message: `The job did not start: ${startError.message}` };
  }
  const outcome =
    signal === null
      ? outcomeOfExit(code ?? 1)
      : { phase: 'failed' as const, failure: 'crash' as const, exitCode: 128 + constants.signals[signal] };
  if (outcome.phase === 'succeeded') return outcome;
  const words = await lastWords(folder);
  const message = words ?? (signal === null ? `exit code ${code}, and no word` : `ended by ${signal}`);
  return { ...outcome, message };
}

async function supervise(folder: JobFolder, job: SupervisedJob): Promise<JobState> {
  if (existsSync(folder.cancel)) return { phase: 'failed', ...CANCELLED };
  const begun = await beginJob(folder, job).catch(notBegun);
  if ('phase' in begun) return begun;
  const { processes, ending, startedAt } = begun;
  const watched = await watch(folder, job, processes, ending);
  const finishedAt = new Date().toISOString();
  // Background processes of the job end with it, as in a container.
  await endProcesses(processes, 0);
  const outcome = await outcomeOf(folder, watched.ending);
  return {
    ...outcome,
    ...(watched.stop === undefined ? {} : { phase: 'failed', ...watched.stop }),
    startedAt,
    finishedAt,
    ...(watched.peakBytes === 0 ? {} : { peakBytes: watched.peakBytes }),
  };
}

/** While the disk is full, this process and its claim stay, so the outcome is late but never lost. */
async function writeOutcome(state: JobState): Promise<void> {
  for (; ; await sleep(FULL_DISK_MS)) {
    try {
      await writeFileOnce(folder.outcome, JSON.stringify(state));
      return;
    } catch (error) {
      if (!isDiskFull(error)) throw error;
    }
  }
}

// Check before the claim: after it, a supervisor that exits would leave a job whose outcome nobody knows.
let told: NodeJS.Signals | undefined;
for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(name, () => (told = name));

const [root = '', key = ''] = process.argv.slice(2);
const folder = jobFolder(root, key);
// The input is truncated if the submitter died while writing. Then this throws before a claim, and the next submit
// starts again.
const job = JSON.parse(await text(process.stdin)) as SupervisedJob;
const self = await findProcess(process.pid);
const claim = JSON.stringify({ pid: process.pid, token: self?.token ?? '' });
if (await writeFileOnce(folder.claim, claim)) await writeOutcome(await supervise(folder, job));

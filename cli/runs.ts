import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from './client.ts';
import { CliFailure, EXIT } from './failure.ts';
import { startProgress } from './progress.ts';
import type { Terminal } from './terminal.ts';

/** What a POST that starts a workflow answers. */
export interface Run {
  readonly workflow_id: string;
  readonly run_id?: string;
  readonly status: 'running' | 'committed';
  readonly result?: unknown;
}

export interface Step {
  readonly kind: 'activity' | 'child' | 'timer';
  readonly name: string;
  readonly status: string;
  readonly attempt: number;
  readonly workflow_id?: string;
  readonly started_at?: string;
  readonly closed_at?: string;
  readonly message?: string;
}

export interface RunStatus {
  readonly workflow_id: string;
  readonly run_id: string;
  readonly type: string;
  readonly status: string;
  readonly summary?: string;
  readonly started_at: string;
  readonly closed_at?: string;
  readonly requested_by?: string;
  readonly ui?: string;
  readonly steps: readonly Step[];
  readonly result?: unknown;
  readonly failure?: {
    readonly code: string;
    readonly message: string;
    readonly remedy: string;
    readonly where?: string;
    readonly details?: Readonly<Record<string, unknown>>;
  };
}

export interface Finished {
  readonly workflow_id: string;
  readonly status: 'completed' | 'committed';
  readonly result: unknown;
}

const FIRST_LOOK_MS = 300;
const LONGEST_LOOK_MS = 3_000;
/** The API may be restarted while a run goes on. */
const PATIENCE_MS = 60_000;

/** Waits for a run to end, saying its steps. A run that fails ends the command with the run's own code. */
export async function finish(
  client: Client,
  terminal: Terminal,
  run: Run,
  enough: (status: RunStatus) => boolean = () => false,
): Promise<Finished | RunStatus> {
  const { workflow_id } = run;
  if (run.status === 'committed') return { workflow_id, status: 'committed', result: run.result };
  using progress = startProgress(terminal, workflow_id);
  for (let wait = FIRST_LOOK_MS; ; wait = Math.min(wait * 1.3, LONGEST_LOOK_MS)) {
    const status = await patiently(() => readRun(client, workflow_id));
    progress.say(await doingWithin(client, status));
    if (status.status === 'completed') return { workflow_id, status: 'completed', result: status.result };
    if (enough(status)) return status;
    if (status.status !== 'running') throw runFailure(status);
    await sleep(wait);
  }
}

/** What a run does, down to the step of its child, as in `Train m › Join features`. */
async function doingWithin(client: Client, status: RunStatus): Promise<string> {
  const open = status.steps.filter(isOpen);
  const [child] = open;
  const id = child?.kind === 'child' && child.status === 'running' ? child.workflow_id : undefined;
  if (open.length !== 1 || child === undefined || id === undefined) return nowDoing(status);
  const within = await readRun(client, id).catch((error: unknown) => {
    // It may end and be forgotten between the two looks; the parent then says so.
    if (error instanceof CliFailure) return undefined;
    throw error;
  });
  return within?.status === 'running' ? `${child.name} › ${nowDoing(within)}` : child.name;
}

function isOpen({ status }: Step): boolean {
  return status === 'running' || status === 'retrying' || status === 'scheduled';
}

export function readRun(client: Client, id: string): Promise<RunStatus> {
  return client.get(`/v1/workflows/${encodeURIComponent(id)}`);
}

export function nowDoing({ steps, status }: RunStatus): string {
  if (status !== 'running') return status;
  const shown = steps.filter(isOpen).map((step) => {
    if (step.status !== 'retrying') return step.name;
    return `${step.name} (try ${step.attempt}${step.message === undefined ? '' : `: ${step.message}`})`;
  });
  return shown.length === 0 ? 'waiting' : shown.join(', ');
}

export function runFailure({ workflow_id, status, failure }: RunStatus): CliFailure {
  return new CliFailure(failure?.code ?? 'WORKFLOW_FAILED', failure?.message ?? `the run is ${status}`, {
    exit: EXIT.failed,
    where: failure?.where ?? workflow_id,
    remedy: failure?.remedy,
    details: { ...failure?.details, workflow_id },
  });
}

async function patiently<T>(look: () => Promise<T>): Promise<T> {
  for (const deadline = performance.now() + PATIENCE_MS; ;) {
    try {
      return await look();
    } catch (error) {
      const passing = error instanceof CliFailure && error.exit === EXIT.unreachable;
      if (!passing || performance.now() > deadline) throw error;
      await sleep(LONGEST_LOOK_MS);
    }
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { Run, WorkflowStatus, WorkflowStep } from '#client/api-types.ts';
import { answer, type Client } from '#client/client.ts';
import { ApiFailure } from '#client/failure.ts';
import { isErrorCode } from '#errors/cause.ts';
import { CliFailure } from './failure.ts';
import { startProgress } from './progress.ts';
import type { Terminal } from './terminal.ts';

export interface Finished {
  readonly workflow_id: string;
  readonly status: 'completed' | 'committed';
  readonly result: unknown;
}

const FIRST_LOOK_MS = 300;
const LONGEST_LOOK_MS = 3_000;
/** The API may be restarted while a run goes on. */
const PATIENCE_MS = 60_000;

export interface Watch {
  /** Title of the progress line. */
  readonly title: string;
  /** Whether to stop watching although the run has not ended. */
  readonly enough?: (status: WorkflowStatus) => boolean;
}

/** Waits for a run to end and shows its steps. Throws the run's own error when it fails. */
export async function finish(
  client: Client,
  terminal: Terminal,
  run: Run,
  { title, enough = () => false }: Watch,
): Promise<Finished | WorkflowStatus> {
  const { workflow_id } = run;
  if (run.status === 'committed') return { workflow_id, status: 'committed', result: run.result };
  using progress = startProgress(terminal, title);
  for (let wait = FIRST_LOOK_MS; ; wait = Math.min(wait * 1.3, LONGEST_LOOK_MS)) {
    const status = await patiently(() => readRun(client, workflow_id));
    progress.say(await doingWithin(client, status));
    if (status.status === 'completed') return { workflow_id, status: 'completed', result: status.result };
    if (enough(status)) return status;
    if (status.status !== 'running') throw runFailure(status);
    await sleep(wait);
  }
}

/** The current step of a run, including the step of its child, as in `Train m › Join features`. */
async function doingWithin(client: Client, status: WorkflowStatus): Promise<string> {
  const open = status.steps.filter(isOpen);
  const [child] = open;
  const id = child?.kind === 'child' && child.status === 'running' ? child.workflow_id : undefined;
  if (open.length !== 1 || child === undefined || id === undefined) return nowDoing(status);
  const within = await readRun(client, id).catch((error: unknown) => {
    // The child may be gone since the parent was read; the next read of the parent shows it.
    if (error instanceof ApiFailure) return undefined;
    throw error;
  });
  return within?.status === 'running' ? `${child.name} › ${nowDoing(within)}` : child.name;
}

function isOpen({ status }: WorkflowStep): boolean {
  return status === 'running' || status === 'retrying' || status === 'scheduled';
}

export function readRun(client: Client, id: string): Promise<WorkflowStatus> {
  return answer(client.GET('/v1/workflows/{*}', { params: { path: { '*': id } } }));
}

export function nowDoing({ steps, status }: WorkflowStatus): string {
  if (status !== 'running') return status;
  const open = steps.filter(isOpen);
  if (open.length === 0) return 'waiting';
  const kinds = Object.values(Object.groupBy(open, kindOf));
  return kinds.map((kind = []) => (kind.length > MOST_NAMED ? counted(kind, steps) : named(kind))).join(', ');
}

const MOST_NAMED = 2;

/** Steps whose names differ only by a date or number, such as the partitions of a set, are of one kind. */
function kindOf({ name }: WorkflowStep): string {
  return name.replaceAll(/\s*\S*\d\S*/g, '');
}

function counted(open: readonly WorkflowStep[], all: readonly WorkflowStep[]): string {
  const kind = open[0] === undefined ? '' : kindOf(open[0]);
  const total = all.filter((step) => kindOf(step) === kind).length;
  return `${kind}: ${total - open.length} of ${total} done`;
}

function named(steps: readonly WorkflowStep[]): string {
  return steps.map(inWords).join(', ');
}

function inWords({ name, status, attempt, message }: WorkflowStep): string {
  if (status !== 'retrying') return name;
  return `${name} (attempt ${attempt}${message === undefined ? '' : `: ${message}`})`;
}

export function runFailure({ workflow_id, status, failure }: WorkflowStatus): CliFailure {
  const code = isErrorCode(failure?.code) ? failure.code : 'WORKFLOW_FAILED';
  return new CliFailure(code, failure?.message ?? `The workflow is ${status}.`, {
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
      const passing = error instanceof ApiFailure && error.unreachable;
      if (!passing || performance.now() > deadline) throw error;
      await sleep(LONGEST_LOOK_MS);
    }
  }
}

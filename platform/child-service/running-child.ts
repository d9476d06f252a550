import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { MillraceError } from '#errors/millrace-error.ts';
import type { ChildLimits, Outcome } from './child-service.ts';
import type { FromChild, ToChild } from './messages.ts';

/** One child process, from its start to its end. Works on one item at a time. */
export interface RunningChild {
  readonly pid: number | undefined;
  readonly isGone: () => boolean;
  readonly send: (message: ToChild) => void;
  /** Sends an item. Throws `ENGINE_FAILED` if the child ends for a reason that is not the item's. */
  readonly answer: (message: ToChild & { readonly kind: 'item' }) => Promise<Outcome<unknown>>;
  /** Keeps the parent alive while an item is in work, and only then. */
  readonly hold: () => void;
  readonly release: () => void;
  readonly end: () => void;
}

const START_SECONDS = 60;
const WATCH_MS = 100;
/** How V8 ends a process that has no memory or stack left. */
const ABORTED: readonly (NodeJS.Signals | null)[] = ['SIGABRT', 'SIGTRAP', 'SIGILL', 'SIGSEGV', 'SIGBUS'];

/** Starts a child and waits until it is ready. Throws `ENGINE_FAILED`. */
export async function startChild(entry: URL, limits: ChildLimits): Promise<RunningChild> {
  const process_ = fork(fileURLToPath(entry), {
    // No variable of the parent, so no credentials either.
    env: {},
    execArgv: [
      `--max-old-space-size=${limits.heapMiB}`,
      // A page has 64 KiB.
      `--wasm-max-mem-pages=${limits.wasmMiB * 16}`,
    ],
    serialization: 'advanced',
    // V8 writes pages of text to its standard error when memory is exhausted.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const child = handleOf(process_, limits);
  await ready(process_);
  return child;
}

async function ready(child: ChildProcess): Promise<void> {
  const ended = new AbortController();
  const timer = AbortSignal.timeout(START_SECONDS * 1_000);
  child.once('exit', () => ended.abort());
  try {
    await once(child, 'message', { signal: AbortSignal.any([ended.signal, timer]) });
  } catch (cause) {
    child.kill('SIGKILL');
    throw new MillraceError('ENGINE_FAILED', 'A child process cannot start.', { cause });
  }
}

interface Work {
  readonly settle: PromiseWithResolvers<Outcome<unknown>>;
  step: string | undefined;
  fault: (FromChild & { readonly kind: 'fault' }) | undefined;
  /** The limit for which the parent ended the child. */
  exceeded: 'time' | 'memory' | undefined;
}

function handleOf(child: ChildProcess, limits: ChildLimits): RunningChild {
  let work: Work | undefined;
  let gone = false;
  child.on('message', (message: FromChild) => {
    if (work === undefined) return;
    if (message.kind === 'step') work.step = message.step;
    else if (message.kind === 'fault') work.fault = message;
    else if (message.kind === 'answer') work.settle.resolve({ answer: message.answer });
  });
  child.on('error', () => child.kill('SIGKILL'));
  child.on('exit', (_code, signal) => {
    gone = true;
    if (work !== undefined) settleEnded(work, signal);
  });
  return {
    pid: child.pid,
    isGone: () => gone,
    // An error of the channel is followed by the exit, which settles the work.
    send: (message) => void child.send(message, () => undefined),
    async answer(message) {
      const current: Work = {
        settle: Promise.withResolvers(),
        step: undefined,
        fault: undefined,
        exceeded: undefined,
      };
      work = current;
      const stop = watch(child.pid, limits, (exceeded) => {
        current.exceeded = exceeded;
        child.kill('SIGKILL');
      });
      // The exit settles the work even if the message is lost.
      child.send(message, () => undefined);
      try {
        return await current.settle.promise;
      } finally {
        stop();
        work = undefined;
      }
    },
    hold() {
      child.ref();
      child.channel?.ref();
    },
    release() {
      child.unref();
      child.channel?.unref();
    },
    end: () => void child.kill('SIGKILL'),
  };
}

function settleEnded({ settle, step, fault, exceeded }: Work, signal: NodeJS.Signals | null): void {
  if (exceeded !== undefined) return settle.resolve({ exhausted: exceeded, step });
  if (fault?.exhausted === true || ABORTED.includes(signal))
    return settle.resolve({ exhausted: 'memory', step });
  const why = fault?.message ?? `it ended with ${signal ?? 'no answer'}`;
  settle.reject(new MillraceError('ENGINE_FAILED', 'A child process failed.', { cause: new Error(why) }));
}

/** Calls `exceeded` once, as soon as the child is over a limit. Returns what ends the watch. */
function watch(
  pid: number | undefined,
  { seconds, processMiB }: ChildLimits,
  exceeded: (limit: 'time' | 'memory') => void,
): () => void {
  const from = performance.now();
  const timer = setInterval(() => {
    const limit =
      performance.now() - from > seconds * 1_000 ? 'time' : memoryOf(pid) > processMiB ? 'memory' : undefined;
    if (limit === undefined) return;
    clearInterval(timer);
    exceeded(limit);
  }, WATCH_MS);
  return () => clearInterval(timer);
}

/** Resident memory in MiB; 0 where the kernel does not show it. */
function memoryOf(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1_024;
  } catch {
    return 0;
  }
}

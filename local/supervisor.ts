import { setTimeout as sleep } from 'node:timers/promises';
import { noteDeath, noteReturn } from './deaths.ts';
import { isProcessRunning } from './processes.ts';

/** A process to keep running. */
export interface Kept {
  readonly name: string;
  /** Starts it and resolves when it is ready. */
  readonly start: (signal: AbortSignal) => Promise<unknown>;
}

export interface Supervision {
  readonly home: string;
  /** Ends the supervision; the processes keep running. */
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

const LOOK_EVERY_MS = 500;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
/** A process that ran this long counts as healthy, so it is restarted at once after its next death. */
const STEADY_AFTER_MS = 60_000;

/**
 * Restarts each process that dies, independently of the others, until the signal is aborted. The first restart is immediate;
 * further ones within a minute wait 1, 2, 4 … 30 seconds. It retries without limit, since a full disk or a port in use may be
 * temporary. Deaths are recorded in the home. Resolves once no start is in progress.
 */
export async function supervise(kept: readonly Kept[], supervision: Supervision): Promise<void> {
  await Promise.all(kept.map((one) => keepRunning(one, supervision)));
}

/** The wait before a restart after this many quick deaths, in milliseconds. */
export function backOffMs(deathsInARow: number): number {
  return deathsInARow === 0 ? 0 : Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (deathsInARow - 1));
}

async function keepRunning({ name, start }: Kept, { home, signal, say }: Supervision): Promise<void> {
  let deathsInARow = 0;
  let aliveSince = Date.now();
  while (!signal.aborted) {
    if (await isProcessRunning(home, name)) {
      await pause(LOOK_EVERY_MS, signal);
      continue;
    }
    if (Date.now() - aliveSince > STEADY_AFTER_MS) deathsInARow = 0;
    noteOrSay(() => noteDeath(home, name), say);
    say(`${name} has ended and is being restarted`);
    while (!signal.aborted) {
      await pause(backOffMs(deathsInARow), signal);
      deathsInARow += 1;
      if (await tryStart({ name, start }, say, signal)) break;
    }
    aliveSince = Date.now();
    if (!signal.aborted) noteOrSay(() => noteReturn(home, name), say);
  }
}

async function tryStart(
  { name, start }: Kept,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<boolean> {
  if (signal.aborted) return false;
  const began = Date.now();
  try {
    await start(signal);
    say(`${name} is back after ${((Date.now() - began) / 1000).toFixed(1)} s`);
    return true;
  } catch (error) {
    if (!signal.aborted) say(`${name} could not be started and will be tried again: ${textOf(error)}`);
    return false;
  }
}

/** A record that cannot be written must not stop the restarts. */
function noteOrSay(note: () => void, say: (line: string) => void): void {
  try {
    note();
  } catch (error) {
    say(textOf(error));
  }
}

/** Waits until the time is over or the signal is aborted. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return sleep(ms, undefined, { signal }).catch(() => undefined);
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

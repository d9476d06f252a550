/** Why a process is asked to end: a signal, or `run.mjs`, which started it, is gone. */
export type StopReason = NodeJS.Signals | 'the caller is gone';

/**
 * Calls `stop` once when the process is asked to end: Ctrl-C, SIGTERM, a closed terminal, or the end of the `run.mjs` that
 * started it, by which whoever called npm is gone. Asking again within a second is the same request: a terminal and npm
 * both pass it on. After that, asking again ends the process at once.
 */
export function onStop(stop: (reason: StopReason) => void): void {
  let asked: number | undefined;
  const hear = (reason: StopReason) => {
    if (asked === undefined) {
      asked = Date.now();
      // Whoever read the output may be gone: what cannot be said must not keep the rest from being stopped.
      for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
      stop(reason);
    } else if (reason !== 'the caller is gone' && Date.now() - asked > 1_000) {
      process.exit(130);
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, hear);
  // The channel to run.mjs breaks when that ends, however it ends; it must not keep this process alive.
  process.once('disconnect', () => hear('the caller is gone'));
  process.channel?.unref();
}

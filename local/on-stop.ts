/** Why a process must stop: a signal, or the end of `run.mjs`, which started it. */
export type StopReason = NodeJS.Signals | 'the caller is gone';

/**
 * Calls `stop` once when the process must stop: on Ctrl-C, SIGTERM, a closed terminal, or the end of the `run.mjs` that
 * started it. A second signal within a second counts as the same request, because both the terminal and npm send one. A
 * later signal ends the process at once.
 */
export function onStop(stop: (reason: StopReason) => void): void {
  let asked: number | undefined;
  const hear = (reason: StopReason) => {
    if (asked === undefined) {
      asked = Date.now();
      // The reader of the output may be gone; a failed write must not prevent the rest from stopping.
      for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
      stop(reason);
    } else if (reason !== 'the caller is gone' && Date.now() - asked > 1_000) {
      process.exit(130);
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, hear);
  // The channel to run.mjs closes however run.mjs ends. It must not keep this process alive.
  process.once('disconnect', () => hear('the caller is gone'));
  process.channel?.unref();
}

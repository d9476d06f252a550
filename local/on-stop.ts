/**
 * Calls `stop` once when the process is asked to end (Ctrl-C, SIGTERM, a closed terminal). Asking again within a second
 * is the same request: a terminal and npm both pass it on. After that, asking again ends the process at once.
 */
export function onStop(stop: (signal: NodeJS.Signals) => void): void {
  let asked: number | undefined;
  const hear = (signal: NodeJS.Signals) => {
    if (asked === undefined) {
      asked = Date.now();
      stop(signal);
    } else if (Date.now() - asked > 1_000) {
      process.exit(130);
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, hear);
}
